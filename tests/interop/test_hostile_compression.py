"""Archives that compress losslessly what they store, and return it compressed."""

from deeds import *
from hostile import *

# DCMTK's JPEG-LS coder dies half of the times where pixels are noise, in the clear, too.
COMPRESSIONS_OF_NOISE = COMPRESSIONS | {JPEG_LS_LOSSLESS: converted("dcmcjpls", "+pc", crashes=30)}


class Moved(HostileTest):
    """By C-MOVE, to a destination that takes native pixels alone."""

    def check(self, syntax, images):
        self.start_hostile(returns=[syntax])
        self.store(images)
        self.do_to_stored(images, COMPRESSIONS_OF_NOISE[syntax])
        self.assertEqual({transfer_syntax(stored) for stored in self.archive.stored().values()}, {syntax})
        self.archive.reindex()
        for image in images:
            with self.subTest(image.name):
                self.assert_moved(self.move(image), 1)
                self.assert_received(image, self.viewer.received(), ARCHIVE_CHANGES | DERIVATION)
                self.assertEqual(transfer_syntax(self.viewer.received()[sop_instance_uid(image)]), EXPLICIT)
        self.assertEqual(self.audit_of("alert"), [])
        self.assert_audit_verifies()

    def grey_images(self):
        """One below and one beyond what would have streamed, and one of many frames."""
        return (fabricated(self.folder / "small", 1) + fabricated(self.folder / "large", 1, rows=2000, columns=1500) +
                fabricated(self.folder / "frames", 1, frames=20))

    def test_run_length_encoded(self):
        self.check(RLE, self.grey_images())

    def test_jpeg_ls(self):
        self.check(JPEG_LS_LOSSLESS, fabricated(self.folder / "small", 1))

    def test_jpeg_lossless(self):
        self.check(JPEG_LOSSLESS, self.grey_images())

    def test_jpeg_2000(self):
        self.check(JPEG_2000_LOSSLESS, self.grey_images())


class Transcoded(HostileTest):
    """By Orthanc, which compresses what it is given, and returns it as it likes."""

    def check(self, syntax):
        self.start_stack(Orthanc, IngestTranscoding=syntax)
        images = fabricated(self.folder / "images", 2)
        self.store(images)
        self.assertEqual({transfer_syntax(stored) for stored in self.archive.stored().values()}, {syntax})
        self.assert_moved(self.move(images[0]), len(images))
        answer, got = self.get(images[0])
        self.assert_moved(answer, len(images))
        for image in images:
            self.assert_received(image, self.viewer.received(), ARCHIVE_CHANGES | DERIVATION)
            self.assert_received(image, got, ARCHIVE_CHANGES | DERIVATION)
        self.assertEqual(self.audit_of("alert"), [])

    def test_jpeg_ls(self):
        self.check(JPEG_LS_LOSSLESS)

    def test_jpeg_lossless(self):
        self.check(JPEG_LOSSLESS)


class Refused(HostileTest):
    def check(self, deed, returns, **fabrication):
        self.start_hostile(returns=returns)
        images = fabricated(self.folder / "images", 2, **fabrication)
        self.store(images)
        self.do_to_stored(images, deed)
        self.archive.reindex()
        self.check_refused(images, [], gets=False)

    def test_a_bit_flipped_and_compressed(self):
        self.check(in_turn(flip_bit, COMPRESSIONS[RLE]), [RLE])

    def test_a_bit_flipped_in_what_is_compressed(self):
        self.check(in_turn(COMPRESSIONS[JPEG_LOSSLESS], flip_bit), [JPEG_LOSSLESS])

    def test_cut_short(self):
        self.check(in_turn(COMPRESSIONS[RLE], shorten), [RLE])

    def test_a_bit_flipped_in_a_codestream(self):
        self.check(in_turn(COMPRESSIONS[JPEG_2000_LOSSLESS], flip_bit), [JPEG_2000_LOSSLESS])

    def test_returned_lossily_compressed(self):
        self.check(compress_lossily, [JPEG_LS_LOSSY])


if __name__ == "__main__":
    unittest.main()
