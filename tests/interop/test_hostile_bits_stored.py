"""Archives that compress by codecs that keep only the bits that Bits Stored names, and decompress again."""

from deeds import *
from hostile import *


class BitsStored(HostileTest):
    def test_jpeg_ls_by_orthanc(self):
        self.check_transcoded(JPEG_LS_LOSSLESS)

    def test_jpeg_ls_by_dcmtk(self):
        self.start_hostile()
        images = fabricated(self.folder / "images", 1)
        self.check_opens(images, in_turn(converted("dcmcjpls", "+pc"), converted("dcmdjpls")), lambda image: image,
                         shows=False)


if __name__ == "__main__":
    unittest.main()
