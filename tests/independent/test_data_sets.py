#!/usr/bin/python3
"""The independent program alone: random objects there and back, as an archive may return them, and damaged."""
import random
import unittest

import archive
import data_sets
import dicom
import random_objects
from dicom import EXPLICIT, IMPLICIT, PIXEL_DATA, DicomError
from failures import Refused
from file_case import FileCase, minimal
from portcullis_independent import inspect_file
from random_objects import Fragments, us
from unit_codecs import NONE, RABBIT_SIV


class DataSets(FileCase):
    def test_random_objects_there_and_back(self):
        rng = random.Random(2)
        for number in range(200):
            file = random_objects.file_of(random_objects.make(rng, number))
            with self.subTest(number):
                self.assertEqual(self.open(self.seal(file, rng.choice((RABBIT_SIV, NONE)))), file)

    def test_archive_changes_implicit_and_explicit(self):
        rng = random.Random(3)
        for number in range(100):
            made = random_objects.make(rng, number)
            if made.transfer_syntax not in (IMPLICIT, EXPLICIT):
                continue
            with self.subTest(number):
                returned, expected = archive.change_encoding(made, self.seal(random_objects.file_of(made)))
                self.assertEqual(self.open(returned), expected)

    def test_padding_of_native_pixels_is_left_alone(self):
        image = [(0x00280010, b"US", us(3)), (0x00280011, b"US", us(5)), (0x00280100, b"US", us(8))]
        file = random_objects.file_of(minimal(EXPLICIT, *image, (PIXEL_DATA, b"OW", b"p" * 15 + b"!")))
        sealed = self.seal(file)
        data_set = data_sets.DataSet(dicom.parse_file(sealed).data, EXPLICIT)
        self.assertEqual(data_set.value(PIXEL_DATA)[15:], b"!")
        self.assertNotIn(b"pp", data_set.value(PIXEL_DATA))
        self.assertIn("length=15)", inspect_file(sealed))
        self.assertEqual(self.open(sealed), file)

    def test_sealed_twice_opens_twice(self):
        file = random_objects.file_of(minimal(IMPLICIT, (PIXEL_DATA, b"OW", bytes(100))))
        once = self.seal(file)
        twice = self.seal(once, NONE)
        blocks = data_sets.DataSet(dicom.parse_file(twice).data, IMPLICIT).block_numbers()
        self.assertEqual(blocks, [0xFD, 0xFE])
        self.assertEqual(self.open(twice), once)
        self.assertEqual(self.open(once), file)

    def test_block_stands_below_what_is_taken(self):
        taken = (0x7FE100FE, b"LO", b"OTHER "), (0x7FE100FC, b"LO", b"PORTCULLIS"), (0x7FE1FC01, b"OB", b"??")
        group_length = (0x7FE10000, b"UL", bytes(4))
        made = minimal(EXPLICIT, *taken, (PIXEL_DATA, b"OW", bytes(100)))
        file = random_objects.file_of(made)
        sealed = self.seal(random_objects.file_of(made._replace(elements=[*made.elements, group_length])))
        self.assertEqual(data_sets.DataSet(dicom.parse_file(sealed).data, EXPLICIT).block_numbers(), [0xFB, 0xFC])
        self.assertEqual(self.open(sealed), file)

    def test_without_regions_nothing_changes(self):
        syntax = random_objects.ENCAPSULATED[0]
        for value in (Fragments([b""]), Fragments([])):
            file = random_objects.file_of(minimal(syntax, (PIXEL_DATA, b"OB", value), (0x7FE10000, b"UL", bytes(4))))
            self.assertEqual(self.seal(file), file)

    def test_another_fragment(self):
        syntax = random_objects.ENCAPSULATED[0]
        made = minimal(syntax, (PIXEL_DATA, b"OB", Fragments([b"", b"a" * 40, b"b" * 40])))
        sealed = dicom.parse_file(self.seal(random_objects.file_of(made)))
        data_set = data_sets.DataSet(sealed.data, syntax)
        end = next(e.end for e in data_set.elements if e.path.tag == PIXEL_DATA) - 8
        more = sealed.data[:end] + random_objects.item_header(40) + b"c" * 40 + sealed.data[end:]
        self.assert_refused("bad_count", sealed.meta + more)
        self.assert_refused("bad_count", sealed.meta + sealed.data[: end - 48] + sealed.data[end:])

    def test_archive_cuts_fragments_anew_and_makes_them_even(self):
        syntax = random_objects.ENCAPSULATED[0]
        rng = random.Random(5)
        for lengths in ((41, 1, 0, 300, 7), (1, 1, 1), (40, 0, 2, 300, 8)) * 10:
            plain = [bytes([65 + i]) * length for i, length in enumerate(lengths)]
            made = minimal(syntax, (PIXEL_DATA, b"OB", Fragments([b"", *plain])))
            returned, expected = archive.cut_anew(rng, made, self.seal(random_objects.file_of(made)))
            self.assertEqual(self.open(returned), expected)

    def test_what_the_envelope_binds(self):
        made = minimal(EXPLICIT, (0x00280010, b"US", us(10)), (PIXEL_DATA, b"OW", b"secret" * 10))
        sealed = self.seal(random_objects.file_of(made))
        rows = random_objects.encode_element(0x00280010, b"US", us(10), EXPLICIT)
        changed = random_objects.encode_element(0x00280010, b"US", us(11), EXPLICIT)
        self.assert_refused("bad_context", sealed.replace(rows, changed))
        self.assert_refused("bad_context", sealed.replace(rows, b""))
        uid = random_objects.encode_element(0x00080018, b"UI", b"1.2.3\0", EXPLICIT)
        self.assert_refused("bad_tag", sealed.replace(uid, uid.replace(b"1.2.3", b"1.2.4")))

    def test_random_damage_has_a_name(self):
        """Whatever came in, it is refused under a name, or opens."""
        rng = random.Random(4)
        refused = 0
        for number in range(400):
            sealed = self.seal(random_objects.file_of(random_objects.make(rng, number)))
            at = rng.randrange(len(sealed))
            changed = sealed[:at] + bytes([sealed[at] ^ 1 << rng.randrange(8)]) + sealed[at + 1 :]
            damaged = rng.choice((sealed[:at], changed))
            try:
                self.open(damaged)
            except (Refused, DicomError):
                refused += 1
        self.assertGreater(refused, 100)


if __name__ == "__main__":
    unittest.main()
