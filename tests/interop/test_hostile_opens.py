"""What an archive may do to an object, and it opens: what the viewer gets is what the archive made of the original."""

from deeds import *
from samples import PYDICOM
from hostile import *


class Encodings(HostileTest):
    def native_images(self):
        return [image for image in real_images(self.folder / "images") if transfer_syntax(image) == EXPLICIT]

    def test_stored_implicit_and_returned_implicit(self):
        self.start_hostile(returns=[IMPLICIT])
        self.check_opens(self.native_images(), store_implicit, syntax=IMPLICIT)

    def test_stored_implicit_and_returned_explicit(self):
        """Private elements come back as UN."""
        self.start_hostile(returns=[EXPLICIT])
        expected = in_turn(store_implicit, store_explicit)
        self.check_opens(self.native_images(), store_implicit, lambda image: self.after(expected, image),
                         syntax=EXPLICIT)

    def test_stored_explicit_and_returned_implicit(self):
        self.start_hostile(returns=[IMPLICIT])
        self.check_opens(self.native_images(), expected=lambda image: self.after(store_implicit, image),
                         syntax=IMPLICIT)

    def test_stored_big_endian(self):
        self.start_hostile()
        self.check_opens(self.native_images(), store_big_endian, lambda image: image, syntax=EXPLICIT)

    def test_run_length_encoded_meanwhile(self):
        """Compressed on its disk, decompressed again when it is asked."""
        self.start_hostile()
        self.check_opens(fabricated(self.folder / "images", 1), in_turn(COMPRESSIONS[RLE], converted("dcmdrle")),
                         shows=False)


    def test_compressed_by_jpeg_lossless_meanwhile(self):
        self.check_transcoded(JPEG_LOSSLESS)


class Elements(HostileTest):
    def test_private_elements_stripped(self):
        """The envelope with them: the registry has it, too."""
        self.start_hostile()
        self.check_opens(real_images(self.folder / "images"), strip_private)

    def test_envelope_damaged(self):
        """Behind its id: that of the registry counts."""
        self.start_hostile()
        self.check_opens(fabricated(self.folder / "images", 1), damage_block, lambda image: image)

    def test_trailing_padding_dropped(self):
        self.start_hostile()
        image = renew(PYDICOM / "MR_small.dcm", self.folder / "image.dcm")
        self.assertIn("(fffc,fffc)", run(["dcmdump", "+P", "fffc,fffc", image]).output)
        self.store([image])
        self.assert_moved(self.move(image), 1)
        received = self.viewer.received()[sop_instance_uid(image)]
        self.assertEqual(self.differences(image, received), {"(FFFC,FFFC) missing"})

    def test_padding_of_an_odd_length_made_anew(self):
        self.start_hostile()
        image = renew(PYDICOM / "SC_rgb_small_odd.dcm", self.folder / "image.dcm")
        self.check_opens([image], pad_anew)


class Fragments(HostileTest):
    def encapsulated_images(self):
        return [image for image in real_images(self.folder / "images") if transfer_syntax(image) not in UNCOMPRESSED]

    def test_cut(self):
        self.start_hostile()
        self.check_opens(self.encapsulated_images(), cut_fragments)

    def test_joined(self):
        images = self.encapsulated_images()
        for image in images:
            cut_fragments(image)
        self.start_hostile()
        self.check_opens(images, join_fragments)

    def test_offset_table_added(self):
        images = self.encapsulated_images()
        for image in images:
            drop_offset_table(image)
        self.start_hostile()
        self.check_opens(images, add_offset_table)

    def test_offset_table_dropped(self):
        images = self.encapsulated_images()
        for image in images:
            add_offset_table(image)
        self.start_hostile()
        self.check_opens(images, drop_offset_table)

    def test_cut_into_empty_ones_without_a_table(self):
        self.start_hostile()
        self.check_opens(self.encapsulated_images(), in_turn(cut_fragments, cut_fragments, drop_offset_table))


class Copies(HostileTest):
    def test_the_older_of_two_copies(self):
        self.start_hostile()
        image, = fabricated(self.folder / "images", 1)
        self.store([image])
        older = self.folder / "older"
        older.write_bytes(self.stored_file(image).read_bytes())
        self.check_opens([image], replaced_by(older), lambda one: one)
        self.assertEqual(self.outcomes(image, "superseded"), [True] * 2)

    def test_one_forgotten(self):
        """The others come, and the audit says which one did not."""
        self.start_hostile()
        images = fabricated(self.folder / "images", 3)
        self.store(images)
        self.stored_file(images[1]).unlink()
        self.archive.reindex()
        self.assert_moved(self.move(images[0]), 2)
        forgotten = sop_instance_uid(images[1])
        self.assertNotIn(forgotten, self.viewer.received())
        self.audited(1, "retrieve", phase="end", missing_instances=forgotten)

    def check_never_registered(self, syntax):
        """From before the gateway came: passes as it is where policy says so, and the audit says so."""
        self.start_hostile(unregistered="pass", returns=[syntax])
        images = [image for image in real_images(self.folder / "images") if transfer_syntax(image) == syntax]
        self.assert_stored(Peer("SCANNER", self.archive.port).store(images), len(images))
        for image in images:
            self.assert_moved(self.move(image), 1)
            self.assert_received(image, self.viewer.received())
            answer, received = self.get(image)
            self.assert_moved(answer, 1)
            self.assert_received(image, received)
            self.assertEqual(self.outcomes(image, "sealed"), [False] * 2)
        self.assert_audit_verifies()

    def test_never_registered(self):
        self.check_never_registered(EXPLICIT)

    def test_never_registered_and_compressed(self):
        self.check_never_registered(RLE)


if __name__ == "__main__":
    unittest.main()
