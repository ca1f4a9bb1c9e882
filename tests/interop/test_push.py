"""What an archive pushes: to the workstation WS2 opened, to the mirror VNA sealed, to others not at all."""

import shutil
import urllib.error

from gateway import RULES
from harness import *
from samples import PYDICOM

NOT_AUTHORISED, CANNOT_PROCESS, OUT_OF_RESOURCES = 0x0124, 0x0110, 0xA700
PUSHES = [
    {"operation": "push", "from": "main", "to": ["clinic", "closed"], "decide": "open"},
    {"operation": "push", "from": "main", "to": "mirror", "decide": "sealed"},
    {"operation": "push", "from": "main", "to": "barred", "decide": "refuse"},
]
# The archive's: all that it receives goes to both.
AUTO_ROUTING = """
function OnStoredInstance(instance, tags, metadata, origin)
  SendToModality(instance, "host1")
  SendToModality(instance, "host2")
end
"""


class PushTest(GatewayTest):
    def start_pushing(self, *archive, **options):
        self.clinic = self.start(Storescp(self.folder / "ws2", "WS2"))
        self.mirror = self.start(Dcmqrscp(self.folder / "vna", {}, "VNA"))
        self.barred = self.start(Storescp(self.folder / "ws3", "WS3"))
        receivers = [("clinic", self.clinic), ("mirror", self.mirror), ("barred", self.barred)]
        peers = [peer(name, server.title, server.port) for name, server in receivers]
        self.start_stack(*archive, peers=[*peers, peer("closed", "WS4", free_port())],
                         policy={"rules": [*RULES, *PUSHES]}, **options)

    def prepare_images(self):
        self.images = [renew(PYDICOM / name, self.folder / name, "--study", "new")
                       for name in ("CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm")]

    def assert_opened(self, received):
        self.assertEqual(len(received), len(self.images))
        for image in self.images:
            self.assert_received(image, received)

    def assert_sealed(self, received):
        """As the archive has them; and the keys alone open them."""
        self.assertEqual(len(received), len(self.images))
        stored = self.archive.stored()
        for image in self.images:
            uid = sop_instance_uid(image)
            self.assert_no_leak(image, received[uid])
            self.assertEqual(self.differences(stored[uid], received[uid]) - ARCHIVE_CHANGES, set())
        opened = self.folder / "opened"
        done = self.gateway.command("open", "--output", opened, *received.values())
        self.assertEqual(done.status, 0, str(done))
        self.assert_opened(objects_in(opened))

    def wait_for_outcomes(self, **values):
        wait_until(lambda: len(self.audit_of("push", phase="outcome", **values)) == len(self.images),
                   "the audit to tell of each push", 10)
        self.assert_audit_verifies()


class Pushes(PushTest):
    """storescu calls as the archive does."""

    def setUp(self):
        super().setUp()
        self.start_pushing()
        self.prepare_images()
        self.store(self.images)
        self.stored = [self.archive.stored()[sop_instance_uid(image)] for image in self.images]

    def push(self, called, port=None):
        answers = Peer("PACS", port or self.gateway.egress_port, called).store(self.stored)
        return [status for answer in answers for status in answer.statuses()]

    def assert_nobody_received(self):
        for server in (self.viewer, self.clinic, self.barred):
            self.assertEqual(server.received(), {})
        self.assertEqual(self.mirror.stored(), {})

    def wait_for_withheld(self, event, count, **values):
        wait_until(lambda: len(self.audit_of(event, operation="push", **values)) == count,
                   "the audit to tell of each", 10)
        self.assert_audit_verifies()

    def test_opened(self):
        self.assertEqual(self.push("WS2"), [0] * len(self.images))
        self.assert_opened(self.clinic.received())
        self.wait_for_outcomes(decision="open", peer="clinic", status="0000")
        self.assertEqual(len(self.audit_of("push", phase="intent")), len(self.images))

    def test_sealed(self):
        self.assertEqual(self.push("VNA"), [0] * len(self.images))
        self.assert_sealed(self.mirror.stored())
        self.wait_for_outcomes(decision="sealed", peer="mirror", status="0000")

    def test_refused_by_a_rule(self):
        self.assertEqual(self.push("WS3"), [NOT_AUTHORISED] * len(self.images))
        self.assert_nobody_received()
        self.wait_for_withheld("refusal", len(self.images), peer="barred", rule="rule 6")

    def test_named_by_no_rule(self):
        self.assertEqual(self.push("WS1"), [NOT_AUTHORISED] * len(self.images))
        self.assert_nobody_received()
        self.wait_for_withheld("refusal", len(self.images), peer="reading-room", rule="default")

    def test_from_a_stranger(self):
        with from_address("127.0.0.9", self.gateway.egress_port, self.folder / "socat.log") as entrance:
            for called in ("WS2", "VNA", "WS3"):
                self.assertEqual(self.push(called, entrance), [])
        self.assert_nobody_received()

    def test_to_a_receiver_that_is_down(self):
        self.assertEqual(self.push("WS4"), [OUT_OF_RESOURCES] * len(self.images))
        self.wait_for_withheld("refusal", len(self.images), peer="closed", reason="destination")

    def test_what_was_tampered_with(self):
        self.stored = self.stored[:1]
        content = bytearray(self.stored[0].read_bytes())
        content[len(content) // 2] ^= 1
        self.stored[0].write_bytes(content)
        for called in ("WS2", "VNA"):
            self.assertEqual(self.push(called), [CANNOT_PROCESS])
        self.assert_nobody_received()
        self.wait_for_withheld("alert", 2)

    def test_the_status_is_that_of_the_receiver(self):
        shutil.rmtree(self.clinic.received_folder)  # storescp cannot write any more, and says so
        self.assertEqual(self.push("WS2"), [OUT_OF_RESOURCES] * len(self.images))
        self.wait_for_outcomes(peer="clinic", status="A700")


class AutoRouting(PushTest):
    """Orthanc pushes."""

    def start_orthanc(self, **options):
        self.start_pushing(Orthanc, **options)
        self.prepare_images()

    def test_of_what_is_stored(self):
        script = self.folder / "routing.lua"
        script.write_text(AUTO_ROUTING)
        self.start_orthanc(LuaScripts=[str(script)])
        self.store(self.images)
        wait_until(lambda: len(self.clinic.received()) == len(self.images) == len(self.mirror.stored()),
                   "all to be routed", 60)
        self.wait_for_outcomes(decision="open", status="0000")
        self.wait_for_outcomes(decision="sealed", status="0000")
        self.assert_opened(self.clinic.received())
        self.assert_sealed(self.mirror.stored())

    def test_orthanc_is_told_what_was_refused(self):
        self.start_orthanc()
        self.store(self.images)
        instances = self.archive.get("/instances")
        with self.assertRaises(urllib.error.HTTPError):
            self.archive.post("/modalities/host3/store", instances)
        self.archive.post("/modalities/host3/store", {"Resources": instances, "Permissive": True})
        self.assertEqual(self.barred.received(), {})
        wait_until(lambda: len(self.audit_of("refusal", operation="push", peer="barred")) == len(instances) + 1,
                   "the audit to tell of each", 10)


if __name__ == "__main__":
    unittest.main()
