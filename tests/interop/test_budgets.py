"""A viewer that a thief has got hold of walks the archive: it gets its budget and no more, however it asks, and the
alert arrives at rsyslog."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor

from harness import RULES, GatewayTest, Query, Storescp, peer, renew, unittest, wait_until
from rsyslog import Rsyslog
from samples import PYDICOM

# dcmqrscp cannot send one class in several transfer syntaxes at once.
SOURCES = ["CT_small.dcm", "MR_small.dcm", "SC_ybr_full_422_uncompressed.dcm"]
STUDIES, IMAGES, BUDGET = 8, len(SOURCES), 10
ROOMS = ["reading-room", "ward"]
POLICY = {
    "rules": [*RULES[:2], {"operation": "retrieve", "from": ROOMS, "to": ROOMS, "decide": "open"}],
    "budgets": [
        {"name": "wards-hourly", "of": "ward", "window": "1h", "objects": BUDGET},
        {"name": "readers-hourly", "of": "reading-room", "window": "1h", "objects": STUDIES * IMAGES}]}


class BudgetTest(GatewayTest):
    def setUp(self):
        super().setUp()
        self.thief = self.start(Storescp(self.folder / "thief", "WARD1"))
        self.repository = self.start(Rsyslog(self.folder / "rsyslog", "tcp").start())
        self.start_stack(policy=POLICY, peers=[peer("ward", "WARD1", self.thief.port)],
                         syslog=self.repository.as_configured())
        self.studies = self.make_studies()
        self.store([image for study in self.studies for image in study])

    def make_studies(self):
        """Real images, several in each study."""
        studies = []
        for number in range(1, STUDIES + 1):
            folder = self.folder / f"study{number}"
            folder.mkdir()
            study = f"1.2.826.0.1.3680043.8.1055.9.{number}"
            studies.append([renew(PYDICOM / name, folder / name, "--study", study, "--series", f"{study}.{i}")
                            for i, name in enumerate(SOURCES, 1)])
        return studies

    def walk(self):
        """The studies that a C-FIND names."""
        found = self.caller("WARD1").find(Query("STUDY", ""))
        self.assertEqual(found.final_status(), 0, str(found))
        return sorted(set(re.findall(r"\(0020,000d\) UI \[([0-9.]+)", found.finished.output)))

    def steal(self, query):
        return self.caller("WARD1").move(query, "WARD1")

    def assert_loot(self, count):
        """So much, of what is different, has come to the thief; and what it got is what the budget counted."""
        self.assertEqual(len(self.thief.received()), count)

    def alerts(self):
        return self.audit_of("alert", reason="budget", budget="wards-hourly", peer="ward")

    def alerts_at_rsyslog(self):
        """Security Alerts that name the budget; a repeat is counted once."""
        budget = b'type="budget" value="' + base64.b64encode(b"wards-hourly")
        return {line for line in self.repository.lines() if b'csd-code="110113"' in line and budget in line}

    def assert_alerted(self):
        """Once, in the audit log and at rsyslog."""
        wait_until(self.alerts, "the alert in the audit log")
        wait_until(self.alerts_at_rsyslog, "the alert at rsyslog", 60)
        self.assertEqual(len(self.alerts_at_rsyslog()), 1)
        alert, = self.alerts()
        self.assertEqual((alert["measure"], alert["limit"], alert["window_seconds"]), ("objects", BUDGET, 3600))

    def read_everything(self):
        """What the reading room does meanwhile."""
        return [self.move(study[0]) for study in self.studies]

    def test_walk(self):
        with ThreadPoolExecutor() as others:
            reading = others.submit(self.read_everything)
            studies = self.walk()
            self.assertEqual(len(studies), STUDIES)
            answers = [self.steal(Query("STUDY", study)) for study in studies]
            self.assert_loot(BUDGET)
            # The first three come, of the fourth one image, and then the request itself is refused.
            counts = [(answer.final_status(), answer.count("Completed"), answer.count("Failed"))
                      for answer in answers]
            self.assertEqual(counts[:3], [(0, IMAGES, 0)] * 3)
            self.assertEqual(counts[3], (0xB000, 1, 2))
            self.assertEqual({status for status, _, _ in counts[4:]}, {0x0124})
            for study in self.studies:
                for image in study:
                    self.steal(Query.image_of(image))
            self.assert_loot(BUDGET)
            for answer in reading.result():
                self.assert_moved(answer, IMAGES)
        received = self.viewer.received()
        self.assertEqual(len(received), STUDIES * IMAGES)
        for study in self.studies:
            for image in study:
                self.assert_received(image, received)
        self.assert_alerted()
        self.assertIn('portcullis_budget_exceeded_total{budget="wards-hourly"} 1', self.gateway.http("/metrics")[1])
        self.gateway.stop()
        self.assert_audit_verifies()

    def test_all_at_once(self):
        with ThreadPoolExecutor(STUDIES) as thieves:
            answers = list(thieves.map(self.steal, [Query.study_of(study[0]) for study in self.studies]))
        self.assert_loot(BUDGET)
        self.assertEqual(sum(answer.count("Completed") for answer in answers), BUDGET)
        self.assert_alerted()

    def test_grant_and_restart(self):
        for study in self.studies:
            self.steal(Query.study_of(study[0]))
        self.assert_loot(BUDGET)
        self.gateway.kill()
        self.gateway.start()
        answer = self.steal(Query.study_of(self.studies[-1][0]))
        self.assertEqual(answer.final_status(), 0x0124)
        done = self.gateway.command("policy", "grant", "--budget", "wards-hourly", "--peer", "ward", "--objects",
                                    IMAGES, "--for", "10m", "--reason", "mass casualty")
        self.assertEqual(done.status, 0, str(done))
        self.assertRegex(done.output, r"^granted to peer ward until 20\d\d-.*; it is in the audit\n$")
        self.assert_moved(self.steal(Query.study_of(self.studies[-1][0])), IMAGES)
        self.assert_loot(BUDGET + IMAGES)
        self.assertEqual(self.steal(Query.study_of(self.studies[-2][0])).final_status(), 0x0124)
        grant, = self.audit_of("grant")
        self.assertEqual((grant["budget"], grant["peer"], grant["objects"], grant["reason"]),
                         ("wards-hourly", "ward", IMAGES, "mass casualty"))
        done = self.gateway.command("policy", "budgets")
        self.assertIn("wards-hourly: in 3600 s for each peer, over it refuse\n"
                      f"  peer ward: objects {BUDGET + IMAGES} of {BUDGET + IMAGES}\n", done.output)
        self.gateway.stop()
        done = self.gateway.command("policy", "budgets")
        self.assertEqual(done.status, 1)
        self.assertRegex(done.output, r"^portcullis: .*/control: no gateway answers: [^\n]*; start it with [^\n]*\n$")
        self.assert_audit_verifies()


if __name__ == "__main__":
    unittest.main()
