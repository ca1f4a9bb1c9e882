"""What a scanner stored comes back to an authorised viewer as it was, and the archive has seen no pixel."""

import hashlib
import json

from harness import *
from processes import build_folder


class RoundTrip(GatewayTest):
    def check_images(self, images, gets_compressed=True):
        self.store(images)
        stored = self.archive.stored()
        self.assertEqual(set(stored), {sop_instance_uid(image) for image in images})
        for image in images:
            with self.subTest(image.name):
                self.assert_no_leak(image, stored[sop_instance_uid(image)])
                self.assert_moved(self.move(image), 1)
                self.assert_received(image, self.viewer.received())
                if gets_compressed or transfer_syntax(image) in UNCOMPRESSED:
                    answer, received = self.get(image)
                    self.assert_moved(answer, 1)
                    self.assertEqual(len(received), 1)
                    self.assert_received(image, received)
        self.assert_audit_verifies()

    def test_dcmqrscp(self):
        self.start_stack(Dcmqrscp)
        self.check_images(real_images(self.folder / "images"))

    def test_orthanc(self):
        """But for C-GET of compressed objects, which Orthanc decompresses for tools that also take native."""
        self.start_stack(Orthanc)
        self.check_images(real_images(self.folder / "images"), gets_compressed=False)

    def test_dcmqrscp_as_installed(self):
        """Without an association profile: native objects only, 120 contexts."""
        self.start_stack(Dcmqrscp, compressed=False)
        images = [image for image in real_images(self.folder / "images")
                  if transfer_syntax(image) in UNCOMPRESSED]
        self.check_images(images)

    def test_a_study_of_many_images(self):
        self.start_stack()
        images = fabricated(self.folder / "images", 20)
        self.store(images)
        self.assert_moved(self.move(images[0]), len(images))
        answer, got = self.get(images[0])
        self.assert_moved(answer, len(images))
        for received in (self.viewer.received(), got):
            self.assertEqual(len(received), len(images))
            for image in images:
                self.assert_received(image, received)

    def test_an_object_sent_twice(self):
        self.start_stack()
        image, = fabricated(self.folder / "images", 1)
        self.store([image])
        first = next(iter(self.archive.stored().values())).read_bytes()
        self.store([image])
        second = next(iter(self.archive.stored().values())).read_bytes()
        self.assertNotEqual(first, second)
        self.assert_moved(self.move(image), 1)
        self.assert_received(image, self.viewer.received())

    def test_after_a_restart(self):
        self.start_stack()
        image, = fabricated(self.folder / "images", 1)
        self.store([image])
        self.gateway.stop()
        self.gateway.start()
        self.assert_moved(self.move(image), 1)
        self.assert_received(image, self.viewer.received())
        self.assert_audit_verifies()

    def test_a_loaded_codec(self):
        plugin = build_folder() / "codec" / "plugins" / "logistic_sbox" / "logistic-sbox.so"
        listed = [{"path": str(plugin), "sha256": hashlib.sha256(plugin.read_bytes()).hexdigest()}]
        self.start_stack(seal={"plugins": listed, "codec": "logistic-sbox", "allow": ["logistic-sbox"]})
        images = [image for image in real_images(self.folder / "images")
                  if transfer_syntax(image) in UNCOMPRESSED]
        self.store(images)
        stored = self.archive.stored()
        for image in images:
            self.assert_no_leak(image, stored[sop_instance_uid(image)])
            self.assertIn(b"\rlogistic-sbox", stored[sop_instance_uid(image)].read_bytes())
            self.assert_moved(self.move(image), 1)
            self.assert_received(image, self.viewer.received())

        # Not allowed any more, whatever the envelope says.
        self.gateway.stop()
        settings = json.loads(self.gateway.configuration.read_text())
        settings["seal"] = {"codec": "rabbit-siv"}
        self.gateway.configuration.write_text(json.dumps(settings))
        self.gateway.start()
        answer, got = self.get(images[0])
        self.assertEqual(got, {})
        self.assertNotEqual(answer.statuses()[-1], 0)
        wait_until(lambda: self.audit_of("alert", sop_instance=sop_instance_uid(images[0])), "the alert", 5)

    def test_find_and_echo_are_relayed(self):
        self.start_stack()
        images = fabricated(self.folder / "images", 3, rows=16, columns=16)
        self.store(images)
        self.assertTrue(self.caller("ANYBODY").echo())
        study = value_of(images[0], "0020,000d")
        found = self.caller("ANYBODY").find(Query("IMAGE", study, study + ".1"), "SOPInstanceUID")
        self.assertEqual(found.statuses(), [0xFF00] * 3 + [0])
        for image in images:
            self.assertIn(sop_instance_uid(image), found.finished.output)


if __name__ == "__main__":
    unittest.main()
