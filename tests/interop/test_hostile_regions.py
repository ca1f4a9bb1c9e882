"""Overlays, icons and private bulk data that an archive drops: the image opens, and the audit says what is missing."""

import os

from deeds import *
from hostile import *

OVERLAY = "(6000,3000)"
ICON = "(0088,0200)[1].(7FE0,0010)"
BULK = "(0029,1010)"


class Regions(HostileTest):
    def image_with_regions(self):
        """An overlay of one bit, an icon of 64 x 64 pixels, and 1000 bytes of a private element."""
        image, = fabricated(self.folder / "images", 1)
        values = {"6000,0010": 512, "6000,0011": 512, "6000,0040": "G", "6000,0050": "1\\1", "6000,0100": 1,
                  "6000,0102": 0, "0088,0200)[0].(0028,0010": 64, "0088,0200)[0].(0028,0011": 64,
                  "0088,0200)[0].(0028,0002": 1, "0088,0200)[0].(0028,0004": "MONOCHROME2",
                  "0088,0200)[0].(0028,0100": 8, "0088,0200)[0].(0028,0101": 8, "0088,0200)[0].(0028,0102": 7,
                  "0088,0200)[0].(0028,0103": 0, "0029,0010": "SIEMENS CSA HEADER"}
        edited(set=values)(image)
        for tag, size in {"6000,3000": 512 * 512 // 8, "0088,0200)[0].(7fe0,0010": 64 * 64, "0029,1010": 1000}.items():
            content = self.folder / "content"
            content.write_bytes(os.urandom(size))
            edited(files={tag: content})(image)
        return image

    def check(self, deed, missing):
        self.start_hostile()
        image = self.image_with_regions()
        self.check_opens([image], deed, expected=None if deed else lambda one: one)
        self.assertEqual(self.outcomes(image, "missing"), [missing] * 2)

    def test_nothing_dropped(self):
        self.check(None, None)

    def test_overlay_dropped(self):
        self.check(edited(erase=["6000,3000"]), OVERLAY)

    def test_icon_dropped(self):
        self.check(edited(erase=["0088,0200"]), ICON)

    def test_private_elements_stripped(self):
        self.check(strip_private, BULK)

    def test_overlay_forged(self):
        self.start_hostile()
        image = self.image_with_regions()
        self.store([image])
        forged = self.folder / "forged"
        forged.write_bytes(os.urandom(512 * 512 // 8))
        self.do_to_stored([image], edited(files={"6000,3000": forged}))
        self.check_refused([image], [])

    def test_no_region_in_the_clear(self):
        """Neither overlay, icon nor private bulk data."""
        self.start_hostile()
        image = self.image_with_regions()
        self.store([image])
        self.assertLessEqual({f"{OVERLAY} value", f"{ICON.replace('[1]', '')} value", f"{BULK} value"},
                             self.differences(image, self.stored_file(image)))


if __name__ == "__main__":
    unittest.main()
