"""Files of an archive that keeps no envelopes, with the gateway's configuration: the registry has them."""

from deeds import flip_bit, strip_private
from harness import *
from offline import by_path
from samples import PYDICOM


class WithTheRegistry(GatewayTest):
    """The gateway goes on while files are opened."""

    def setUp(self):
        super().setUp()
        self.start_stack()
        self.images = [renew(PYDICOM / name, self.folder / name) for name in ("MR_small.dcm", "MR_small_RLE.dcm")]
        self.store(self.images)
        self.files = [self.archive.stored()[sop_instance_uid(image)] for image in self.images]

    def states(self, name, *arguments):
        done = self.gateway.command(name, "--json", *arguments)
        return done, by_path(done)

    def test_what_was_stripped_opens(self):
        for file, image in zip(self.files, self.images):
            strip_private(file)
            opened = self.folder / "opened"
            done, told = self.states("open", file, "--output", opened)
            self.assertEqual((done.status, told[file]["state"]), (0, "opened"), str(done))
            stripped = self.folder / f"stripped-{image.name}"  # what a viewer would have without a gateway
            stripped.write_bytes(image.read_bytes())
            strip_private(stripped)
            self.assertEqual(self.differences(stripped, opened / file.name) - ARCHIVE_CHANGES, set())
            _, inspected = self.states("inspect", file)
            self.assertTrue(inspected[file]["verified"])
            _, again = self.states("seal", file, "--output", self.folder / "again")
            self.assertEqual(again[file]["state"], "already sealed")

    def test_an_older_copy_opens_too(self):
        file, image = self.files[0], self.images[0]
        older = self.folder / "older.dcm"
        older.write_bytes(file.read_bytes())
        self.store([image])
        strip_private(older)
        done, told = self.states("open", older, "--output", self.folder / "opened")
        self.assertEqual((done.status, told[older]["state"]), (0, "opened"), str(done))

    def test_what_comes_in_the_clear_is_refused(self):
        done, told = self.states("open", self.images[0], "--output", self.folder / "opened")
        self.assertEqual((done.status, told[self.images[0]]["state"]), (1, "refused"), str(done))
        self.assertIn("registered as sealed", told[self.images[0]]["reason"])
        self.assertFalse((self.folder / "opened" / self.images[0].name).exists())
        _, inspected = self.states("inspect", self.images[0])
        self.assertEqual(inspected[self.images[0]]["state"], "not sealed")

    def test_what_was_tampered_with_does_not_open(self):
        flip_bit(self.files[0])
        strip_private(self.files[0])
        done, told = self.states("open", self.files[0], "--output", self.folder / "opened")
        self.assertEqual((done.status, told[self.files[0]]["state"]), (1, "refused"), str(done))


if __name__ == "__main__":
    unittest.main()
