"""An archive that returns Explicit VR Big Endian."""

from deeds import *
from hostile import *


class BigEndian(HostileTest):
    def test_native_images(self):
        """Words of 8, 16 and 32 bits."""
        self.start_hostile(returns=[BIG_ENDIAN])
        images = [image for image in real_images(self.folder / "images") if transfer_syntax(image) == EXPLICIT]
        self.check_opens(images, store_big_endian, lambda image: image, syntax=BIG_ENDIAN)

    def test_a_bit_flipped(self):
        self.start_hostile(returns=[BIG_ENDIAN])
        victim, others = self.change_study(in_turn(store_big_endian, flip_bit))
        self.check_refused([victim], others, gets=False)


if __name__ == "__main__":
    unittest.main()
