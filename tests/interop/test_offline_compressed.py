"""Sealed files that an archive compressed without a loss are decompressed and opened."""

from deeds import converted
from harness import *
from hostile import DERIVATION
from offline import OfflineTest
from tools import EXPLICIT

# What is decompressed is OB if its samples have 8 bits, whatever it was.
CHANGES = ARCHIVE_CHANGES | DERIVATION | {"(7FE0,0010) vr"}


class Compressed(OfflineTest):
    def check(self, deed, *names):
        """What is opened has the original's values, and a second run finds it done."""
        images = self.take(*names)
        sealed, opened = self.folder / "sealed", self.folder / "opened"
        self.assert_ran("seal", *images, "--output", sealed)
        for image in images:
            deed(sealed / image.name)
            self.assertNotEqual(transfer_syntax(sealed / image.name), EXPLICIT)
        for state in ("opened", "done before"):
            done, told = self.offline.states("open", sealed, "--output", opened)
            self.assertEqual(done.status, 0, str(done))
            self.assertEqual({file["state"] for file in told.values()}, {state})
        for image in images:
            with self.subTest(image.name):
                self.assertEqual(transfer_syntax(opened / image.name), EXPLICIT)
                self.assertEqual(self.differences(image, opened / image.name) - CHANGES, set())

    def test_rle(self):
        self.check(converted("dcmcrle"), "CT_small.dcm", "MR_small.dcm", "SC_rgb_small_odd.dcm")

    def test_jpeg_lossless(self):
        self.check(converted("dcmcjpeg", "+e1"), "CT_small.dcm", "MR_small.dcm")


if __name__ == "__main__":
    unittest.main()
