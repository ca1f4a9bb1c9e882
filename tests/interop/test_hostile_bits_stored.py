"""Archives that compress by codecs that keep only the bits that Bits Stored names, and decompress again."""

from deeds import *
from hostile import *


class BitsStored(HostileTest):
    def test_jpeg_ls_by_orthanc(self):
        self.check_transcoded(JPEG_LS_LOSSLESS)

    def test_jpeg_ls_by_dcmtk(self):
        """That encoder dies half of the times (measured: 7 of 12) where pixels are noise, in the clear, too."""
        self.start_hostile()
        images = fabricated(self.folder / "images", 1)
        compress = converted("dcmcjpls", "+pc", crashes=30)
        self.check_opens(images, in_turn(compress, converted("dcmdjpls")), lambda image: image, shows=False)


if __name__ == "__main__":
    unittest.main()
