"""A registry that was lost comes back from the sealed files of the archive."""

import shutil

from harness import *


class Rebuild(GatewayTest):
    def setUp(self):
        super().setUp()
        self.start_stack()
        self.images = real_images(self.folder / "images")
        self.store(self.images)
        self.gateway.stop()

    def lose_registry(self):
        lost = list(self.gateway.folder.glob("registry.db*"))
        self.assertTrue(lost)
        for path in lost:
            path.unlink()

    def rebuild(self, *paths):
        return self.gateway.command("registry", "rebuild", *paths)

    def assert_all_open(self):
        self.gateway.start()
        for image in self.images:
            with self.subTest(image.name):
                self.assert_moved(self.move(image), 1)
                self.assert_received(image, self.viewer.received())
        self.assert_audit_verifies()

    def test_from_the_folder_of_the_archive(self):
        self.gateway.start()  # the journal forgets what the registry knows
        self.gateway.stop()
        self.lose_registry()
        done = self.rebuild(self.archive.storage)
        self.assertEqual(done.status, 1, str(done))  # the archive's index is no DICOM file
        self.assertIn(f"{len(self.images)} added, 0 known already, 0 not sealed, 1 refused", done.output)
        again = self.rebuild(self.archive.storage)
        self.assertIn(f"0 added, {len(self.images)} known already, 0 not sealed, 1 refused", again.output)
        for image in self.images:
            self.assertEqual(
                len(self.audit_of("registry", phase="rebuild", sop_instance=sop_instance_uid(image))), 1)
        self.assert_all_open()

    def test_the_journal_still_knows(self):
        self.lose_registry()
        done = self.rebuild(*self.archive.stored().values())
        self.assertEqual(done.status, 0, str(done))
        self.assertIn(f"0 added, {len(self.images)} known already, 0 not sealed, 0 refused", done.output)
        self.assert_all_open()

    def test_what_does_not_open_is_refused(self):
        self.lose_registry()
        stored = self.archive.stored()
        damaged = self.folder / "damaged.dcm"
        victim = stored[sop_instance_uid(self.images[0])]
        content = bytearray(victim.read_bytes())
        content[-40] ^= 1  # in the envelope, whatever stands before it
        damaged.write_bytes(content)
        clear = self.folder / "clear.dcm"
        shutil.copy(self.images[0], clear)
        done = self.rebuild(damaged, clear)
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("0 added, 0 known already, 1 not sealed, 1 refused", done.output)

    def test_not_while_the_gateway_runs(self):
        self.gateway.start()
        done = self.rebuild(self.archive.storage)
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("stop it first", done.output)


if __name__ == "__main__":
    unittest.main()
