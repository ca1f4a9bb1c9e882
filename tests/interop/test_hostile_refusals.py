"""What an archive must not do to an object: nobody gets a byte of it, the audit has an alert, the others open."""

from deeds import *
from hostile import *


class Pixels(HostileTest):
    def check(self, deed, **fabrication):
        self.start_hostile()
        victim, others = self.change_study(deed, **fabrication)
        self.check_refused([victim], others)

    def test_a_bit_flipped(self):
        self.check(flip_bit)

    def test_a_bit_flipped_in_a_large_image(self):
        """Part of it has left when it shows: the destination gets no object all the same."""
        self.check(flip_bit, rows=2000, columns=1500)

    def test_two_bytes_missing(self):
        self.check(shorten)

    def test_compressed_lossily_meanwhile(self):
        self.check(in_turn(compress_lossily, converted("dcmdjpls")))

    def test_pixels_of_two_images_exchanged(self):
        self.start_hostile()
        images = fabricated(self.folder / "images", 3)
        self.store(images)
        exchange_pixels(self.stored_file(images[0]), self.stored_file(images[1]))
        self.check_refused(images[:2], images[2:])

    def test_returned_lossily_compressed(self):
        self.start_hostile(returns=[JPEG_LS_LOSSY])
        images = fabricated(self.folder / "images", 2)
        self.store(images)
        self.do_to_stored(images, compress_lossily)
        self.check_refused(images, [], gets=False)


class EncapsulatedPixels(HostileTest):
    def compressed_study(self):
        images = fabricated(self.folder / "images", 3)
        for image in images:
            COMPRESSIONS[JPEG_LS_LOSSLESS](image)
        self.start_hostile()
        self.store(images)
        return images

    def check(self, deed):
        images = self.compressed_study()
        deed(self.stored_file(images[1]))
        self.check_refused([images[1]], [images[0], images[2]])

    def test_a_bit_flipped(self):
        self.check(flip_bit)

    def test_two_bytes_missing(self):
        self.check(shorten)

    def test_pixels_of_two_images_exchanged(self):
        images = self.compressed_study()
        exchange_pixels(self.stored_file(images[0]), self.stored_file(images[1]))
        self.check_refused(images[:2], images[2:])


class Identity(HostileTest):
    def test_in_the_clear(self):
        self.start_hostile()
        images = fabricated(self.folder / "images", 3)
        self.store(images)
        replaced_by(images[1])(self.stored_file(images[1]))
        self.check_refused([images[1]], [images[0], images[2]])

    def test_in_the_clear_with_an_envelope(self):
        self.start_hostile()
        images = fabricated(self.folder / "images", 3)
        self.store(images)
        stored = self.stored_file(images[1])
        forged = self.after(lambda path: take_block(path, stored), images[1])
        replaced_by(forged)(stored)
        self.check_refused([images[1]], [images[0], images[2]])

    def test_envelope_of_another_image(self):
        self.start_hostile()
        images = fabricated(self.folder / "images", 3)
        self.store(images)
        take_block(self.stored_file(images[1]), self.stored_file(images[0]))
        self.check_refused([images[1]], [images[0], images[2]])

    def test_another_instance_under_its_uid(self):
        """The sealed object of another image, under the name of this one in the archive's index."""
        self.start_hostile()
        images = fabricated(self.folder / "images", 3)
        self.store(images)
        replaced_by(self.stored_file(images[0]))(self.stored_file(images[1]))
        self.check_refused([images[1]], [images[0], images[2]])

    def test_instance_uid_changed(self):
        self.start_hostile()
        victim, others = self.change_study(edited(set={"0008,0018": "1.2.3.4.5"}))
        self.check_refused([victim], others)

    def test_never_registered(self):
        self.start_hostile(unregistered="refuse")
        images = fabricated(self.folder / "images", 3)
        self.store([images[0], images[2]])
        self.assert_stored(Peer("SCANNER", self.archive.port).store([images[1]]), 1)
        self.check_refused([images[1]], [images[0], images[2]], "not registered", "refusal")


if __name__ == "__main__":
    unittest.main()
