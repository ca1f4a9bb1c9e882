#!/usr/bin/python3
"""The independent program alone: what sealing changes besides regions, and how it is undone."""
import unittest

import random_objects
from data_sets import Plan
from dicom import EXPLICIT, PIXEL_DATA
from file_case import FileCase, minimal
from random_objects import Fragments, Sequence, us
from wire import Path, at_top

ICONS, COMMENTS, BITS_STORED, SMALLEST = 0x00880200, 0x00204000, 0x00280101, 0x00280106
MARK = b"The pixels are sealed."


class Changes(FileCase):
    def setUp(self):
        nested = Sequence([[(0x00280107, b"US", us(9))]], defined_length=True, defined_items=True)
        elements = ((SMALLEST, b"US", us(5)), (BITS_STORED, b"US", us(12)), (ICONS, b"SQ", nested))
        self.nested = Path(((ICONS, 0),), 0x00280107)
        self.made = minimal(EXPLICIT, *elements)
        self.file = random_objects.file_of(self.made)
        self.plan = Plan(frozenset(), {SMALLEST}, {at_top(BITS_STORED): us(16), self.nested: us(0)},
                         {COMMENTS: (b"LT", MARK)})  # fmt: skip
        self.sealed = self.seal(self.file, plan=self.plan)

    def element(self, tag, vr, value):
        return random_objects.encode_element(tag, vr, value, EXPLICIT)

    def edited(self, before, after):
        self.assertEqual(self.sealed.count(before), 1)
        return self.sealed.replace(before, after)

    def test_changes_without_regions(self):
        self.assertNotIn(self.element(SMALLEST, b"US", us(5)), self.sealed)
        self.assertIn(self.element(BITS_STORED, b"US", us(16)), self.sealed)
        self.assertIn(self.element(0x00280107, b"US", us(0)), self.sealed)
        self.assert_opens(self.sealed, self.file)

    def test_changes_and_pixel_data_without_a_fragment(self):
        syntax = random_objects.ENCAPSULATED[0]
        file = random_objects.file_of(minimal(syntax, (PIXEL_DATA, b"OB", Fragments([b""]))))
        sealed = self.seal(file, plan=Plan(added={COMMENTS: (b"LT", MARK)}))
        self.assertIn(MARK, sealed)
        self.assert_opens(sealed, file)

    def test_padding_makes_no_difference(self):
        mark, padded = (self.element(COMMENTS, b"LT", value) for value in (MARK, MARK + b"  "))
        self.assert_opens(self.edited(mark, padded), self.file)

    def test_what_somebody_edited_is_left_alone(self):
        edited = self.element(COMMENTS, b"LT", b"Seen by Dr X")
        opened, remarks = self.open_and_report(self.edited(self.element(COMMENTS, b"LT", MARK), edited))
        self.assertIn(edited, opened)
        self.assertEqual(remarks, ["00204000 was edited and is left alone"])
        opened, remarks = self.open_and_report(self.edited(self.element(COMMENTS, b"LT", MARK), b""))
        self.assertEqual((opened, len(remarks)), (self.file, 1))
        edited = self.element(0x00280107, b"US", us(7))
        opened, remarks = self.open_and_report(self.edited(self.element(0x00280107, b"US", us(0)), edited))
        self.assertIn(edited, opened)
        self.assertEqual(remarks, ["00280107 was edited and is left alone"])

    def test_an_edited_value_that_is_bound_does_not_open(self):
        bits = self.element(BITS_STORED, b"US", us(16))
        self.assert_refused("bad_context", self.edited(bits, self.element(BITS_STORED, b"US", us(10))))
        as_it_came = self.edited(bits, self.element(BITS_STORED, b"US", us(12)))
        self.assert_opens(as_it_came, self.file, "00280101 was edited and is left alone")

    def test_what_was_taken_out_replaces_what_came_back(self):
        bits = self.element(BITS_STORED, b"US", us(16))
        returned = self.edited(bits, bits + self.element(SMALLEST, b"US", us(77)))
        self.assert_opens(returned, self.file)

    def test_group_lengths_of_changed_groups_are_left_out(self):
        lengths = [(group << 16, b"UL", bytes(4)) for group in (0x0008, 0x0028, 0x0088)]
        file = random_objects.file_of(self.made._replace(elements=[*self.made.elements, *lengths]))
        sealed = self.seal(file, plan=self.plan)
        kept = random_objects.file_of(self.made._replace(elements=[*self.made.elements, lengths[0], lengths[2]]))
        self.assert_opens(sealed, kept)
        length = self.element(0x00280000, b"UL", bytes(4))
        self.assertNotIn(length, sealed)
        bits = self.element(BITS_STORED, b"US", us(16))
        self.assert_opens(sealed.replace(bits, length + bits), kept)


if __name__ == "__main__":
    unittest.main()
