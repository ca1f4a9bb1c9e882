"""What `portcullis probe` says of archives of all kinds: real ones, and one that does things to what it stores."""

import json
import socket
import threading

from deeds import *
from harness import *
from listener import Listener

COMPRESSED = {"RLE Lossless", "JPEG Lossless", "JPEG-LS Lossless", "JPEG 2000 Lossless"}


def masked(low, high):
    """A deed: of pixels of 16 bits in Explicit VR these bits are left."""
    def deed(path):
        content = bytearray(path.read_bytes())
        at = content.rfind(b"\xe0\x7f\x10\x00OW\0\0")
        if at >= 0:
            for i in range(at + 12, at + 12 + int.from_bytes(content[at + 8:at + 12], "little"), 2):
                content[i] &= low
                content[i + 1] &= high
            path.write_bytes(content)
    return deed


def drop_high_bits(path):
    """Of images in the clear, of which 12 bits are stored."""
    if (value_of(path, "0020,4000") or "").startswith("PORTCULLIS PROBE"):
        masked(0xFF, 0x0F)(path)


# What lossy compression comes to; DCMTK's own coder dies now and then where pixels are noise.
quantise = masked(0xF8, 0xFF)


class Between(Listener):
    """Stands before an archive. Does `deed` to each stored file once the second association asks for them."""

    def __init__(self, archive, deed):
        self.archive, self.deed, self.done = archive, deed, False
        self.associations = 0
        super().__init__()

    def _take(self, caller):
        self.associations += 1
        if self.associations == 2:
            for path in self.archive.stored().values():
                self.deed(path)
            self.archive.reindex()
            self.done = True
        called = socket.create_connection(("127.0.0.1", self.archive.port))
        for source, target in ((caller, called), (called, caller)):
            threading.Thread(target=self._copy, args=(source, target), daemon=True).start()

    @staticmethod
    def _copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class ProbeTest(InteropTest):
    def start_archive(self, make_archive=Dcmqrscp, destinations=None, **options):
        self.gateway = Gateway(self.folder / "gateway")
        known = {self.gateway.title: self.gateway.egress_port} if destinations is None else destinations
        self.archive = self.start(make_archive(self.folder / "archive", known, **options))
        self.configure(self.archive.port)

    def configure(self, port):
        self.gateway.configure([("main", "PACS", port)], [peer("reading-room", "WS1", 104)], ["reading-room"])
        self.gateway.init_keys()

    def probe(self, status, *words):
        done = self.gateway.command("probe", "--json", *words)
        self.assertEqual(done.status, status, str(done))
        self.report = json.loads(done.output)
        self.findings = {finding["name"]: finding for finding in self.report["findings"]}
        return self.report

    def level(self, name):
        return self.findings[name]["level"]

    def found(self, name):
        return self.findings[name]["found"]


class RealArchives(ProbeTest):
    def test_dcmqrscp(self):
        self.start_archive()
        report = self.probe(0)
        self.assertEqual(report["verdict"], "safe", json.dumps(report, indent=1))
        self.assertIn("C-MOVE to PORTCULLIS", report["way"])
        self.assertEqual(self.level("sealed objects"), "good")
        self.assertEqual(self.level("envelopes in objects"), "good")
        for name in COMPRESSED:
            self.assertIn(name, self.found("sealed objects"))
        left = report["left_behind"]
        stored = self.archive.stored().values()
        self.assertEqual(len(stored), left["objects"])
        for path in stored:
            self.assertEqual(value_of(path, "0010,0010"), "PORTCULLIS^PROBE")
            self.assertEqual(value_of(path, "0010,0020"), left["patient_id"])
            self.assertEqual(value_of(path, "0020,000d"), left["study_instance_uid"])
            self.assertTrue(sop_instance_uid(path).startswith("2.25."))

    def test_orthanc(self):
        self.start_archive(Orthanc)
        report = self.probe(0)
        self.assertNotEqual(report["verdict"], "not safe", json.dumps(report, indent=1))
        self.assertEqual(self.level("sealed objects"), "good")
        self.assertEqual(self.level("compression"), "good")

    def test_orthanc_that_compresses(self):
        self.start_archive(Orthanc, IngestTranscoding=JPEG_LOSSLESS)
        self.probe(0)
        self.assertEqual(self.level("compression"), "condition")
        self.assertIn("JPEG Lossless", self.found("compression"))
        self.assertEqual(self.level("sealed objects"), "good")

    def test_orthanc_that_compresses_lossily(self):
        self.start_archive(Orthanc, IngestTranscoding="1.2.840.10008.1.2.4.50")
        report = self.probe(1)
        self.assertEqual(report["verdict"], "not safe", json.dumps(report, indent=1))

    def test_for_people(self):
        self.start_archive()
        done = self.gateway.command("probe", "--archive", "main")
        self.assertEqual(done.status, 0, str(done))
        self.assertIn("verdict: safe", done.output)
        self.assertRegex(done.output, r"delete it there: Patient Name PORTCULLIS\^PROBE, Patient ID \S+, Study "
                                      r"Instance UID 2\.25\.\d+, \d+ objects")


class Ways(ProbeTest):
    def test_by_get_while_the_gateway_runs(self):
        self.start_archive()
        self.start(self.gateway.start())
        self.probe(0)
        self.assertIn("C-GET", self.report["way"])
        self.assertIn("in use", self.report["way"])

    def test_by_get_where_the_archive_does_not_know_us(self):
        self.start_archive(destinations={"ANOTHER": 104})
        self.probe(0)
        self.assertIn("C-GET", self.report["way"])
        self.assertIn("A801", self.report["way"])

    def assert_fails(self, *words):
        done = self.gateway.command("probe")
        self.assertEqual(done.status, 1, str(done))
        self.assertEqual(len(done.output.splitlines()), 1, str(done))
        for word in words:
            self.assertIn(word, done.output)

    def test_archive_that_is_down(self):
        self.gateway = Gateway(self.folder / "gateway")
        self.configure(free_port())
        self.assert_fails("portcullis: PACS at 127.0.0.1:", "no connection to the peer")

    def test_archive_that_is_not_configured(self):
        self.gateway = Gateway(self.folder / "gateway")
        self.configure(free_port())
        done = self.gateway.command("probe", "--archive", "other")
        self.assertEqual(done.status, 2, str(done))
        self.assertEqual(len(done.output.splitlines()), 1, str(done))

    def test_destination_that_only_stores(self):
        """Nothing comes back from it by any way."""
        self.gateway = Gateway(self.folder / "gateway")
        self.archive = self.start(Storescp(self.folder / "archive", "PACS"))
        self.configure(self.archive.port)
        self.assert_fails("nothing comes back, neither by C-MOVE", "nor by C-GET")


class HostileArchives(ProbeTest):
    def probe_through(self, status, deed):
        self.start_archive()
        between = self.start(Between(self.archive, deed))
        self.configure_again(between.port)
        report = self.probe(status)
        self.assertTrue(between.done)
        return report

    def configure_again(self, port):
        self.gateway.configure([("main", "PACS", port)], [peer("reading-room", "WS1", 104)], ["reading-room"])

    def test_untouched(self):
        self.assertEqual(self.probe_through(0, lambda path: None)["verdict"], "safe")

    def test_private_elements_stripped(self):
        report = self.probe_through(0, strip_private)
        self.assertEqual(report["verdict"], "safe with conditions", json.dumps(report, indent=1))
        self.assertEqual(self.level("private elements"), "condition")
        self.assertEqual(self.level("envelopes in objects"), "condition")
        self.assertEqual(self.level("sealed objects"), "good")
        self.assertTrue(any("stripped" in condition for condition in report["conditions"]))

    def test_compressed_lossily(self):
        report = self.probe_through(1, quantise)
        self.assertEqual(report["verdict"], "not safe", json.dumps(report, indent=1))
        self.assertEqual(self.level("compression"), "bad")
        self.assertEqual(self.level("sealed objects"), "bad")

    def test_bits_above_bits_stored_lost(self):
        report = self.probe_through(0, drop_high_bits)
        self.assertEqual(self.level("bits above Bits Stored"), "note", json.dumps(report, indent=1))
        self.assertEqual(self.level("sealed objects"), "good")

    def test_a_bit_flipped(self):
        report = self.probe_through(1, flip_bit)
        self.assertEqual(report["verdict"], "not safe", json.dumps(report, indent=1))
        self.assertIn("does not open", self.found("sealed objects"))

    def test_overlays_and_comments_dropped(self):
        report = self.probe_through(0, edited(erase=["6000,3000", "0020,4000"]))
        self.assertEqual(report["verdict"], "safe with conditions", json.dumps(report, indent=1))
        self.assertIn("overlays dropped", self.found("overlays and icons"))
        self.assertEqual(self.level("Image Comments"), "note")

    def test_patient_reconciled(self):
        report = self.probe_through(0, edited(set={"0010,0020": "ANOTHER"}))
        self.assertEqual(report["verdict"], "safe with conditions", json.dumps(report, indent=1))
        self.assertEqual(self.found("identifiers"), "changes Patient ID")

    def test_fragments_cut_anew(self):
        def deed(path):
            if transfer_syntax(path) in COMPRESSIONS:
                cut_fragments(path)
        report = self.probe_through(0, deed)
        self.assertEqual(self.level("fragments"), "note", json.dumps(report, indent=1))
        self.assertEqual(self.level("sealed objects"), "good")


if __name__ == "__main__":
    unittest.main()
