"""Rules by what an object says that it is: CT opens, MR goes sealed to an archive, secondary captures are not taken;
and what `policy explain` says is what was decided."""

import json
from pathlib import Path

from harness import *
from samples import PYDICOM

NOT_AUTHORISED, WITH_FAILURES = 0x0124, 0xB000
MODALITY, INSTITUTION, DEPARTMENT = "0008,0060", "0008,0080", "0008,1040"
POLICY = [
    {"name": "no captures", "operation": "store", "modality": ["OT", "SC"], "decide": "refuse"},
    {"name": "teaching", "operation": "store", "institution": "jfk*", "decide": "seal"},
    {"name": "seal", "operation": "store", "decide": "seal"},
    {"name": "ask", "operation": ["echo", "find"], "decide": "relay"},
    {"name": "ct", "operation": "retrieve", "from": "viewers", "to": "viewers", "modality": "CT", "decide": "open"},
    {"name": "copy", "operation": "retrieve", "from": "vna", "to": "vna", "modality": ["CT", "MR"],
     "decide": "sealed"},
    {"name": "route", "operation": "push", "from": "main", "to": "vna", "modality": "MR", "decide": "open"},
]


class PolicyTest(GatewayTest):
    def setUp(self):
        super().setUp()
        self.vna = self.start(Storescp(self.folder / "vna", "VNA", options=("+xa",)))
        self.start_stack(policy={"rules": POLICY},
                         peers=[peer("vna", self.vna.title, self.vna.port)])
        first = renew(PYDICOM / "CT_small.dcm", self.folder / "ct.dcm", "--study", "new")
        study = value_of(first, "0020,000d")
        self.ct, self.mr, self.capture = first, *(
            renew(PYDICOM / name, self.folder / name, "--study", study)
            for name in ("MR_small.dcm", "SC_rgb_small_odd.dcm"))
        self.images = {sop_instance_uid(image): image for image in (self.ct, self.mr, self.capture)}

    def store_all(self):
        """The statuses, by the name of the image."""
        return {Path(image).name: status for image in self.images.values()
                for answer in self.caller("SCANNER").store([image]) for status in answer.statuses()}

    def explained(self, record, operation):
        """What explain says of the request that a record tells of."""
        image = self.images[record["sop_instance"]]
        words = ["--operation", operation, "--calling", record["calling_ae"], "--address", record["address"],
                 "--archive", record["archive"], "--sop-class", record["sop_class"],
                 "--modality", value_of(image, MODALITY) or ""]
        for tag in (INSTITUTION, DEPARTMENT):
            words += ["--institution", value_of(image, tag) or ""]
        if "destination" in record:
            words += ["--to", record["destination"]]
        done = self.gateway.command("policy", "explain", "--json", *words)
        self.assertEqual(done.status, 0, str(done))
        return json.loads(done.output)

    def assert_explained(self, count):
        """Every decision about an object that the audit tells of."""
        decided = [(record, record.get("operation", record["event"]))
                   for event in ("store", "retrieve", "push", "refusal")
                   for record in self.audit_of(event)
                   if "sop_instance" in record and record.get("phase") != "outcome"]
        self.assertEqual(len(decided), count, decided)
        for record, operation in decided:
            said = self.explained(record, operation)
            self.assertEqual(said["rule"], record["rule"], (record, said))
            self.assertEqual(said["decision"], record.get("decision", "refuse"), (record, said))
        self.assert_audit_verifies()

    def wait_for(self, event, count, **values):
        wait_until(lambda: len(self.audit_of(event, **values)) == count, "the audit to tell of each", 10)


class ByWhatObjectsAre(PolicyTest):
    def test_stores(self):
        self.assertEqual(self.store_all(),
                         {"ct.dcm": 0, "MR_small.dcm": 0, "SC_rgb_small_odd.dcm": NOT_AUTHORISED})
        stored = self.archive.stored()
        self.assertEqual(set(stored), {sop_instance_uid(self.ct), sop_instance_uid(self.mr)})
        for image, rule in ((self.ct, "teaching"), (self.mr, "seal")):
            uid = sop_instance_uid(image)
            self.assert_no_leak(image, stored[uid])
            self.assertEqual(len(self.audit_of("store", phase="intent", sop_instance=uid, rule=rule)), 1)
        self.assert_explained(3)

    def test_a_mixed_study_by_move(self):
        self.store_all()
        answer = self.move(self.ct)
        self.assertEqual(answer.final_status(), WITH_FAILURES, str(answer))
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (1, 1), str(answer))
        self.assertEqual(answer.failed_uids(), [sop_instance_uid(self.mr)])
        self.assertEqual(set(self.viewer.received()), {sop_instance_uid(self.ct)})
        self.assert_received(self.ct, self.viewer.received())
        self.wait_for("refusal", 1, operation="retrieve", reason="policy", rule="default")
        self.assert_explained(5)

    def test_a_mixed_study_by_get(self):
        self.store_all()
        answer, received = self.get(self.ct)
        self.assertEqual((answer.count("Completed"), answer.count("Failed")), (1, 1), str(answer))
        self.assertEqual(set(received), {sop_instance_uid(self.ct)})
        self.assert_received(self.ct, received)

    def test_a_retrieval_that_stays_sealed(self):
        self.store_all()
        self.assert_moved(self.move(self.mr, "VNA", "VNA"), 2)
        stored, received = self.archive.stored(), self.vna.received()
        for image in (self.ct, self.mr):
            uid = sop_instance_uid(image)
            self.assertIn(uid, received)
            self.assert_no_leak(image, received[uid])
            self.assertEqual(self.differences(stored[uid], received[uid]) - ARCHIVE_CHANGES, set())
        self.wait_for("retrieve", 2, phase="outcome", decision="sealed", rule="copy")
        self.assert_explained(5)

    def test_pushes(self):
        self.store_all()
        stored = self.archive.stored()
        pushed = [stored[sop_instance_uid(image)] for image in (self.ct, self.mr)]
        answers = Peer("PACS", self.gateway.egress_port, "VNA").store(pushed)
        statuses = [status for answer in answers for status in answer.statuses()]
        self.assertEqual(sorted(statuses), [0, NOT_AUTHORISED])
        self.assertEqual(set(self.vna.received()), {sop_instance_uid(self.mr)})
        self.assert_received(self.mr, self.vna.received())
        self.wait_for("push", 1, phase="outcome")
        self.assert_explained(5)

    def test_what_is_not_known_is_what_it_depends_on(self):
        done = self.gateway.command("policy", "explain", "--json", "--operation", "retrieve", "--calling", "WS1",
                                    "--address", "127.0.0.1", "--to", "WS1")
        said = json.loads(done.output)
        self.assertIsNone(said["decision"])
        self.assertEqual(said["depends_on"], ["modality"])
        self.assertEqual([one["rule"] for one in said["possible"]], ["ct", "default"])


if __name__ == "__main__":
    unittest.main()
