"""Objects that come in sealed: from an archive that forwards them, from another gateway, from a stranger."""

import shutil
from pathlib import Path

from gateway import PROGRAM
from hostile import *


class SealedAlready(HostileTest):
    def copies(self, images):
        """Of what the archive stores of them."""
        folder = self.folder / "copies"
        folder.mkdir()
        stored = self.archive.stored()
        return [Path(shutil.copy(stored[sop_instance_uid(image)], folder / image.name)) for image in images]

    def sealed_offline(self, images, *keys):
        folder = self.folder / "sealed"
        done = run([PROGRAM, "seal", *keys, *images, "--output", folder])
        self.assertEqual(done.status, 0, str(done))
        return [folder / image.name for image in images]

    def check_passes(self, images, sealed):
        """They are stored as they come, and the viewer gets the originals."""
        self.store(sealed)
        stored = self.archive.stored()
        for image, came in zip(images, sealed):
            with self.subTest(image.name):
                self.assertEqual(self.differences(came, stored[sop_instance_uid(image)]) - ARCHIVE_CHANGES, set())
                self.assert_moved(self.move(image), 1)
                self.assert_received(image, self.viewer.received())
        self.audited(len(images), "store", phase="intent", decision="sealed already")
        self.assertEqual(self.audit_of("alert") + self.audit_of("warning"), [])
        self.assert_audit_verifies()

    def check_stored_again(self, *make_archive):
        self.start_stack(*make_archive)
        images = real_images(self.folder / "images")
        self.store(images)
        self.check_passes(images, self.copies(images))
        for record in self.audit_of("store", phase="intent", decision="sealed already"):
            self.assertTrue(record["registered"])

    def test_what_dcmqrscp_stores_is_stored_again(self):
        self.check_stored_again()

    def test_what_orthanc_stores_is_stored_again(self):
        self.check_stored_again(Orthanc)

    def test_sealed_by_another_gateway(self):
        """With the same keys, for the same tenant; nobody may have what is not registered."""
        self.start_hostile(unregistered="refuse")
        images = real_images(self.folder / "images")
        self.check_passes(images, self.sealed_offline(images, "--config", self.gateway.configuration))

    def test_sealed_by_a_stranger(self):
        self.start_stack()
        images = fabricated(self.folder / "images", 1) + real_images(self.folder / "images")
        stranger = self.folder / "stranger"
        self.assertEqual(run([PROGRAM, "keys", "init", "--keyring", stranger]).status, 0)
        sealed = self.sealed_offline(images, "--keyring", stranger)
        self.store(sealed)
        for image in sealed:
            with self.subTest(image.name):
                self.assert_moved(self.move(image), 1)
                self.assert_received(image, self.viewer.received())
        self.audited(len(images), "warning", reason="foreign block sealed in")
        self.assertEqual(self.audit_of("store", decision="sealed already"), [])

    def test_damaged_on_the_way(self):
        """The archive keeps what it has."""
        self.start_stack()
        images = fabricated(self.folder / "images", 1)
        self.store(images)
        copy, = self.copies(images)
        content = bytearray(copy.read_bytes())
        content[-len(content) // 4] ^= 1
        copy.write_bytes(content)
        answer, = self.caller("SCANNER").store([copy])
        self.assertEqual(answer.statuses(), [0xC000], str(answer))
        self.assert_moved(self.move(images[0]), 1)
        self.assert_received(images[0], self.viewer.received())
        self.audited(1, "alert", sop_instance=sop_instance_uid(images[0]), status="C000")


if __name__ == "__main__":
    unittest.main()
