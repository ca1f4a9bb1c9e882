#!/usr/bin/python3
"""The independent program alone: values at any depth and changes of random objects, and what archives do to them."""
import random
import unittest

import archive
import random_objects
from data_sets import DataSet, Plan
from dicom import BIG_ENDIAN, EXPLICIT, IMPLICIT, PIXEL_DATA, DicomError, parse_file
from failures import Refused
from file_case import FileCase, minimal
from random_objects import Fragments, Sequence, us
from unit_codecs import NONE, RABBIT_SIV
from wire import Path, at_top

NATIVE = (IMPLICIT, EXPLICIT, BIG_ENDIAN)
ICONS, OVERLAY, COMMENTS, BITS_STORED = 0x00880200, 0x60003000, 0x00204000, 0x00280101
MARK = b"The pixels are sealed."


def values_of(elements, within=()):
    """(Path, VR, value) of all that is no sequence."""
    for tag, vr, value in elements:
        if not isinstance(value, Sequence):
            yield Path(within, tag), vr, value
        else:
            for number, item in enumerate(value.items):
                yield from values_of(item, (*within, (tag, number)))


def random_plan(rng, made):
    """Nested pixels and private values are sealed, and some of the rest is changed in every way that is allowed."""
    bulk, replaced = set(), {at_top(BITS_STORED): us(16)}
    for path, vr, value in values_of(made.elements):
        if (path.within and path.tag == PIXEL_DATA) or (path.tag >> 16 & 1 and vr in (b"OB", b"UN")):
            bulk.add(path)
        elif path.within and path.tag == 0x00081155 and rng.random() < 0.3:
            replaced[path] = b"0" * len(value)
    taken_out = {tag for tag in (0x00082218, 0x00100010, 0x00280103, 0x52009229) if rng.random() < 0.7}
    return Plan(bulk, taken_out, replaced, {COMMENTS: (b"LT", MARK)})


def steps_do_not_meet(plan):
    """What is taken out has nothing in it that is sealed or replaced."""
    outer = {path.within[0][0] for path in [*plan.values, *plan.replaced] if path.within}
    return plan._replace(taken_out=plan.taken_out - outer)


class AnyDepth(FileCase):
    def random_objects(self, seed, count):
        """(number, what it was made of, its file, a plan); every fourth native one is Big Endian."""
        rng = random.Random(seed)
        for number in range(count):
            made = random_objects.make(rng, number)
            if made.transfer_syntax in NATIVE and rng.random() < 0.25:
                made = made._replace(transfer_syntax=BIG_ENDIAN)
            plan = steps_do_not_meet(random_plan(rng, made))
            yield number, made, random_objects.file_of(made), plan

    def test_random_objects_there_and_back(self):
        sealed_values = 0
        for number, made, file, plan in self.random_objects(11, 300):
            with self.subTest(number):
                sealed = self.seal(file, NONE if number % 2 else RABBIT_SIV, plan)
                sealed_values += self.assert_nothing_readable(made, sealed, plan)
                self.assert_opens(sealed, file)
        self.assertGreater(sealed_values, 300)

    def assert_nothing_readable(self, made, file, plan):
        """How many values of 8 bytes and more were compared."""
        parsed, compared = parse_file(file), 0
        data_set = DataSet(parsed.data, parsed.transfer_syntax, plan.values)
        for path, _, value in values_of(made.elements):
            if path in plan.values and len(value) >= 8:
                self.assertNotEqual(data_set.value(path.tag, path.within)[:8], value[:8])
                compared += 1
        for tag in plan.taken_out:
            self.assertIsNone(data_set.find(at_top(tag)))
        self.assertEqual(data_set.value(COMMENTS), MARK)
        return compared

    def test_an_archive_returns_another_encoding(self):
        """Of each native one to each: private sequences become UN where the archive cannot know them."""
        returned = 0
        for number, made, file, plan in self.random_objects(12, 300):
            if made.transfer_syntax not in NATIVE:
                continue
            sealed = self.seal(file, plan=plan)
            for other in NATIVE:
                with self.subTest(number, source=made.transfer_syntax, target=other):
                    # What was taken out has no VR if it came in Implicit VR.
                    unknown = plan.taken_out if made.transfer_syntax == IMPLICIT else ()
                    expected = archive.recode(made, file, other, unknown)
                    if made.transfer_syntax != IMPLICIT:
                        self.assertEqual(expected, random_objects.file_of(made._replace(transfer_syntax=other)))
                    with_mark = made._replace(elements=[*made.elements, (COMMENTS, b"LT", MARK)])
                    self.assert_opens(archive.recode(with_mark, sealed, other), expected)
                    returned += 1
        self.assertGreater(returned, 300)

    def test_a_private_sequence_comes_back_as_un(self):
        """Stored in Implicit VR by an archive without a dictionary, returned in Explicit VR."""
        for number, made, file, plan in self.random_objects(13, 200):
            if made.transfer_syntax != EXPLICIT:
                continue
            with self.subTest(number):
                plan = plan._replace(taken_out=frozenset())
                with_mark = made._replace(elements=[*made.elements, (COMMENTS, b"LT", MARK)])

                def through_archive(of, data):
                    return archive.recode(of, archive.recode(of, data, IMPLICIT), EXPLICIT)

                returned = through_archive(with_mark, self.seal(file, plan=plan))
                self.assert_opens(returned, through_archive(made, file))

    def test_random_damage_has_a_name(self):
        """Whatever came in, it is refused under a name, or opens."""
        rng, refused = random.Random(14), 0
        for _, _, file, plan in self.random_objects(14, 400):
            sealed = self.seal(file, plan=plan)
            at = rng.randrange(len(sealed))
            changed = sealed[:at] + bytes([sealed[at] ^ 1 << rng.randrange(8)]) + sealed[at + 1 :]
            try:
                self.open(rng.choice((sealed[:at], changed)))
            except (Refused, DicomError):
                refused += 1
        self.assertGreater(refused, 100)

    def with_icons(self, transfer_syntax, *elements):
        icons = [[(PIXEL_DATA, b"OW", b"icon" * 10)], [(PIXEL_DATA, b"OB", Fragments([b"", b"one " * 5, b"two " * 5]))]]
        sequence = Sequence(icons, defined_length=True, defined_items=False)
        return minimal(transfer_syntax, (ICONS, b"SQ", sequence), (PIXEL_DATA, b"OW", b"pixels" * 10), *elements)

    def icon(self, number):
        return Path(((ICONS, number),), PIXEL_DATA)

    def test_an_icon_in_fragments(self):
        made = self.with_icons(EXPLICIT)
        file = random_objects.file_of(made)
        sealed = self.seal(file, plan=Plan({self.icon(0), self.icon(1)}))
        self.assertEqual([word in sealed for word in (b"icon", b"one ", b"two ", b"pixels")], [False] * 4)
        self.assert_opens(sealed, file)
        self.assertEqual(self.open_and_report(self.seal(file, plan=Plan({self.icon(1)})))[0], file)

    def test_an_icon_of_an_odd_number_of_pixels(self):
        image = [(0x00280010, b"US", us(3)), (0x00280011, b"US", us(5)), (0x00280100, b"US", us(8))]
        icon = [*image, (PIXEL_DATA, b"OW", b"p" * 15 + b"!")]
        for syntax in NATIVE:
            made = minimal(syntax, (ICONS, b"SQ", Sequence([icon], True, True)), (0x00280010, b"US", us(4)))
            file = random_objects.file_of(made)
            sealed = self.seal(file, plan=Plan({self.icon(0)}))
            parsed = parse_file(sealed)
            value = DataSet(parsed.data, syntax, {self.icon(0)}).value(PIXEL_DATA, self.icon(0).within)
            self.assertEqual(len(value), 16)
            self.assertNotIn(b"pp", value)
            self.assert_opens(sealed, file)

    def test_items_are_counted_from_0(self):
        file = random_objects.file_of(self.with_icons(EXPLICIT))
        self.assertIn(b"one ", self.seal(file, plan=Plan({self.icon(0)})))
        self.assertIn(b"icon", self.seal(file, plan=Plan({self.icon(1)})))

    def test_what_may_be_absent(self):
        overlay = (OVERLAY, b"OW", b"over" * 10)
        made = self.with_icons(EXPLICIT, overlay)
        plan = Plan({self.icon(0), self.icon(1), at_top(OVERLAY)})
        file = parse_file(self.seal(random_objects.file_of(made), plan=plan))
        elements = {e.path.tag: (e.start, e.end) for e in DataSet(file.data, EXPLICIT).elements}

        def without(tag, by=b""):
            start, end = elements[tag]
            return file.meta + file.data[:start] + by + file.data[end:]

        def without_plain(tag):
            left = [element for element in made.elements if element[0] != tag]
            return random_objects.file_of(made._replace(elements=left))

        remark = "60003000 did not come back"
        self.assert_opens(without(OVERLAY), without_plain(OVERLAY), remark)
        opened, remarks = self.open_and_report(without(ICONS))
        self.assertEqual((opened, len(remarks)), (without_plain(ICONS), 2))
        empty = random_objects.encode_element(OVERLAY, b"OW", b"", EXPLICIT)
        self.assertEqual(self.open_and_report(without(OVERLAY, empty))[1], [remark])
        start, end = elements[OVERLAY]
        half = random_objects.encode_element(OVERLAY, b"OW", file.data[end - 40 : end - 20], EXPLICIT)
        self.assert_refused("bad_count", without(OVERLAY, half))
        longer = random_objects.encode_element(OVERLAY, b"OW", file.data[end - 40 : end] + b"!!", EXPLICIT)
        self.assert_refused("bad_count", without(OVERLAY, longer))
        self.assert_refused("bad_count", without(PIXEL_DATA))

    def test_pixels_that_the_envelope_does_not_name(self):
        made = minimal(EXPLICIT, (OVERLAY, b"OW", b"over" * 10))
        file = parse_file(self.seal(random_objects.file_of(made), plan=Plan({at_top(OVERLAY)})))
        for value, refused in ((b"", False), (b"ab", True)):
            pixels = random_objects.encode_element(0x7FE00008, b"OF", value, EXPLICIT)
            start = next(e.start for e in DataSet(file.data, EXPLICIT).elements if e.path.tag >> 16 == 0x7FE1)
            returned = file.meta + file.data[:start] + pixels + file.data[start:]
            if refused:
                self.assert_refused("bad_count", returned)
            else:
                self.assertIn(pixels, self.open_and_report(returned)[0])

    def test_a_path_that_is_there_twice(self):
        file = parse_file(self.seal(random_objects.file_of(self.with_icons(EXPLICIT)), plan=Plan({self.icon(0)})))
        icon = DataSet(file.data, EXPLICIT).find(self.icon(0))
        twice = file.data[icon.start : icon.end]
        sequence = DataSet(file.data, EXPLICIT).find(at_top(ICONS))
        data = bytearray(file.data[: icon.end] + twice + file.data[icon.end :])
        length = sequence.end - sequence.value + len(twice)
        data[sequence.value - 4 : sequence.value] = length.to_bytes(4, "little")
        self.assert_refused("bad_count", file.meta + bytes(data))

    def test_pixels_in_another_form(self):
        file = random_objects.file_of(self.with_icons(EXPLICIT))
        sealed = self.seal(file, plan=Plan({self.icon(1)}))
        parsed = parse_file(sealed)
        icon = DataSet(parsed.data, EXPLICIT).find(self.icon(1))
        fragments = b"".join(parsed.data[at : at + length] for at, length in icon.items[1:])
        plain = random_objects.encode_element(PIXEL_DATA, b"OB", fragments, EXPLICIT)
        sequence = DataSet(parsed.data, EXPLICIT).find(at_top(ICONS))
        data = bytearray(parsed.data[: icon.start] + plain + parsed.data[icon.end :])
        length = sequence.end - sequence.value + len(plain) - (icon.end - icon.start)
        data[sequence.value - 4 : sequence.value] = length.to_bytes(4, "little")
        self.assert_refused("bad_context", parsed.meta + bytes(data))


if __name__ == "__main__":
    unittest.main()
