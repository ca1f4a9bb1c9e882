"""What an auditor asks a log: the day's report adds up to what happened, and to what Python counts in the log."""

import csv
import json
import re
import stat
from collections import Counter
from html.parser import HTMLParser

from deeds import flip_bit
from harness import *
from processes import build_folder

PROGRAM = build_folder() / "gateway" / "portcullis"


class Report(HTMLParser):
    """`sections`: title -> list of tables, each a list of rows, each a dict by the heads of the columns. `figures`:
    caption -> value. `leads`: title -> sentences."""

    def __init__(self, text):
        super().__init__()
        self.sections, self.leads, self.figures = {}, {}, {}
        self.kind, self.text, self.value = None, "", None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.kind, self.text = tag, ""
        if tag == "table":
            self.heads = []
            self.sections[self.title].append([])
        if tag == "tr":
            self.cells = []

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag == "h2":
            self.title = self.text
            self.sections[self.title] = []
        elif tag == "p" and self.sections:
            self.leads.setdefault(self.title, self.text)
        elif tag == "b":
            self.value = self.text
        elif tag == "span":
            self.figures[self.text] = self.value
        elif tag == "th":
            self.heads.append(self.text)
        elif tag == "td":
            self.cells.append(self.text)
        elif tag == "tr" and self.cells:
            self.sections[self.title][-1].append(dict(zip(self.heads, self.cells)))

    def number(self, caption):
        return int(self.figures[caption].replace(" ", ""))

    def table(self, title, head):
        """The table of this section that has this column; empty: there is none."""
        return next((table for table in self.sections[title] if table and head in table[0]), [])


def number(cell):
    return int(cell.replace(" ", ""))


def numbers(row, *heads):
    return tuple(number(row[head]) for head in heads)


class AuditReport(GatewayTest):
    def setUp(self):
        """Five objects of two studies are stored; WS1 retrieves one study, WS2 both, of which one object was changed
        in the archive; a stranger retrieves nothing."""
        super().setUp()
        self.other = self.start(Storescp(self.folder / "ws2", "WS2", options=["+xa"]))
        self.start_stack()
        self.gateway.stop()
        self.gateway.configure([("main", "PACS", self.archive.port)],
                               [peer("reading-room", "WS1", self.viewer.port), peer("ward", "WS2", self.other.port)],
                               ["reading-room", "ward"])
        self.start(self.gateway.start())
        self.one, self.two = fabricated(self.folder / "one", 3), fabricated(self.folder / "two", 2)
        self.store(self.one)
        self.store(self.two)
        self.assert_moved(self.move(self.one[0]), 3)
        self.assert_moved(self.move(self.two[0], "WS2", "WS2"), 2)
        self.changed = sop_instance_uid(self.one[1])
        flip_bit(self.archive.stored()[self.changed])
        self.assertNotEqual(self.move(self.one[0], "WS2", "WS2").final_status(), 0)
        self.assertEqual(self.move(self.one[0], "STRANGER", "WS1").final_status(), 0x0124)
        self.gateway.stop()
        self.records = self.gateway.audit_records()
        self.day = self.records[0]["time"][:10]
        if self.records[-1]["time"][:10] != self.day:
            self.skipTest("midnight (UTC) came between")

    def ask(self, *words):
        done = self.gateway.command("audit", *words)
        self.assertEqual(done.status, 0, str(done))
        return done.output

    def deliveries(self, calling):
        return [record for record in self.records if record["event"] == "retrieve" and
                record.get("phase") == "outcome" and record["calling_ae"] == calling and record["status"] == "0000"]

    def test_the_report_adds_up(self):
        page = self.folder / "report.html"
        self.ask("report", "--day", self.day, "--output", page)
        self.assertEqual(stat.S_IMODE(page.stat().st_mode), 0o600)
        report = Report(page.read_text())

        self.assertEqual(report.number("objects retrieved or pushed"), 3 + 2 + 2)
        self.assertEqual(report.number("objects stored"), 5)
        self.assertEqual(report.number("alerts"), 1)
        self.assertEqual(report.number("refused"), 2)
        self.assertEqual(report.figures["of stored objects sealed"], "100 %")
        self.assertEqual(report.figures["chain of the day's records"], "unbroken")

        by_viewer = {row["who"]: row for row in report.table("Who retrieved what", "opened")}
        self.assertEqual(set(by_viewer), {"WS1", "WS2"})
        for calling, counted in (("WS1", (1, 3, 0)), ("WS2", (2, 4, 1))):
            row, deliveries = by_viewer[calling], self.deliveries(calling)
            self.assertEqual(numbers(row, "studies", "opened", "withheld"), counted)
            self.assertEqual(row["sent to"], calling)
            self.assertEqual(number(row["opened"]), len(deliveries))
            self.assertEqual(number(row["studies"]), len({record["study"] for record in deliveries}))
            self.assertEqual(number(row["patients"]), len({record["patient_id"] for record in deliveries}))
            self.assertEqual(number(row["bytes"]), sum(record["bytes"] for record in deliveries))

        refused = Counter()
        for row in report.table("What was refused, and why", "why"):
            refused[row["who"], row["why"]] += number(row["times"])
        self.assertEqual(refused, Counter((record["calling_ae"], record["reason"]) for record in self.records
                                          if record["event"] in ("refusal", "alert")))
        alert, = report.table("Alerts", "instance")
        self.assertEqual((alert["instance"], alert["who"].split()[0]), (self.changed, "WS2"))

        coverage = {row["objects"]: number(row["count"]) for row in report.table("Coverage", "objects")}
        stored = [record for record in self.records if record["event"] == "store" and record["phase"] == "outcome"]
        self.assertEqual(coverage["sealed"], len([one for one in stored if one["decision"] == "seal"]))
        self.assertEqual(coverage["bytes stored, as they were sent"], sum(one["bytes"] for one in stored))
        self.assertEqual(sum(count for what, count in coverage.items() if "bytes" not in what), 5)

        absent, = report.table("What did not come back", "withheld")
        self.assertEqual((absent["who"].split()[0], absent["withheld"]), ("WS2", "1"))
        kek, = report.table("Keys used", "KEK that sealed")
        self.assertEqual(number(kek["times"]), 5)
        self.assertEqual({row["current KEK"] for row in report.table("Keys used", "current KEK")},
                         {kek["KEK that sealed"]})
        events = [row["event"] for row in report.table("Starts, stops and changes", "event")]
        self.assertEqual(events, ["start", "stop", "start", "stop"])
        self.assertIn(f"{len(self.records)} records was verified", report.leads["Checkpoint, and how to verify"])

    def test_the_report_as_text_says_the_same(self):
        text = self.ask("report", "--day", self.day, "--text")
        self.assertRegex(text, r"\n +7  objects retrieved or pushed\n")
        self.assertRegex(text, rf"\n  retrieve +WS2 +WS2 +2 +\d+ +4 +0 +0 +1 +0 +[\d ]+\n")
        self.assertIn(self.changed, text)
        self.assertNotIn("<", text)

    def test_the_report_of_a_changed_log_says_so(self):
        log, = (self.gateway.folder / "audit").glob("*.log")
        log.write_text(log.read_text().replace('"calling_ae":"WS2"', '"calling_ae":"WS1"', 1))
        done = self.gateway.command("audit", "report", "--day", self.day, "--text")
        self.assertEqual(done.status, 1)
        self.assertIn("THE CHAIN OF THE DAY IS BROKEN: record", done.output)

    def test_records_are_found(self):
        patient = value_of(self.one[0], "0010,0020")
        lines = self.ask("search", "--patient", patient, "--json").splitlines()
        self.assertEqual([json.loads(line) for line in lines],
                         [record for record in self.records if record.get("patient_id") == patient])
        by_name = self.ask("search", "--peer", "ward", "--event", "retrieve", "--outcome", "success", "--json")
        self.assertEqual([json.loads(line)["seq"] for line in by_name.splitlines()],
                         [record["seq"] for record in self.records if record["event"] == "retrieve" and
                          "WS2" in (record.get("calling_ae"), record.get("destination")) and
                          record.get("status") in ("0000", "B000")])
        table = self.ask("search", "--instance", self.changed, "--outcome", "alert").splitlines()
        self.assertEqual(len(table), 2)
        self.assertIn("tampered", table[1])
        self.assertEqual(self.ask("search", "--from", "2000-01-01", "--to", "2000-01-02"), "no such record\n")
        self.assertEqual(len(self.ask("search", "--limit", "3", "--json").splitlines()), 3)

    def test_records_are_exported(self):
        path = self.folder / "export.csv"
        self.ask("export", "--from", self.day, "--format", "csv", "--output", path)
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([int(row["seq"]) for row in rows], [record["seq"] for record in self.records])
        for row, record in zip(rows, self.records):
            self.assertEqual(row["study"], record.get("study", ""))
            self.assertEqual(row["time"], record["time"])
            kept = {name: value for name, value in record.items()
                    if name not in (*row, "prev", "hash") or name == "outcome"}
            self.assertEqual(json.loads(row["rest"] or "{}"), kept)


class HiddenIdentifiers(GatewayTest):
    def test_a_hashed_log_names_nobody_and_is_searched_with_the_key(self):
        self.start_stack()
        self.gateway.stop()
        settings = json.loads(self.gateway.configuration.read_text())
        settings["audit"]["identifiers"] = "hashed"
        self.gateway.configuration.write_text(json.dumps(settings))
        self.start(self.gateway.start())
        image, = fabricated(self.folder / "images", 1)
        self.store([image])
        self.assert_moved(self.move(image), 1)
        self.gateway.stop()
        log = "".join(path.read_text() for path in (self.gateway.folder / "audit").glob("*.log"))
        patient = value_of(image, "0010,0020")
        for tag in ("0020,000D", "0020,000E", "0008,0018", "0010,0010"):
            self.assertNotIn(value_of(image, tag), log)
        self.assertNotRegex(log, rf'"{re.escape(patient)}"')

        found = self.gateway.command("audit", "search", "--patient", patient, "--event", "retrieve", "--json")
        self.assertEqual([json.loads(line)["phase"] for line in found.output.splitlines()], ["intent", "outcome"])
        folder = self.gateway.folder
        words = [PROGRAM, "audit", "search", "--log", folder / "audit", "--patient", patient]
        without = run(words)
        self.assertEqual(without.status, 1)
        self.assertIn("--keyring", without.output)
        self.assertIn("retrieve outcome", run([*words, "--keyring", folder / "keys"]).output)


if __name__ == "__main__":
    unittest.main()
