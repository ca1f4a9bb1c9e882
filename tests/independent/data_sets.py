"""Seals and opens a data set: finds its regions, its bound context and the private block, and puts them back."""
import re
import struct
from collections import namedtuple

import keys
import objects
from changes import make_changes, stripped, undo_changes
from dicom import BULK_WORDS, FRAGMENTS, PIXEL_DATA, PLAIN, SEQUENCE, WORDS, DicomError, encoding_of, is_encapsulated
from dicom import parse_data_set, swap, write_element
from envelope import BOUND_FRAMES, BOUND_NUMBERS, BOUND_SYNTAX, BOUND_TEXT, FRAGMENT, NATIVE, VALUE, Region
from wire import Path, at_top

PIXELS = (0x7FE00008, 0x7FE00009, PIXEL_DATA)
TOP_PIXELS = frozenset(map(at_top, PIXELS))
BLOCK_GROUP = 0x7FE1
GROUP_LENGTH = BLOCK_GROUP << 16
CREATOR = b"PORTCULLIS"
BOUND_TAGS = dict(
    zip(
        BOUND_NUMBERS + (BOUND_TEXT, BOUND_FRAMES),
        (0x00280010, 0x00280011, 0x00280002, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280004, 0x00280008),
    )
)
RECORDED_TAGS = (
    0x00080050, 0x00100020, 0x00100021, 0x0020000D, 0x0020000E, 0x00200032, 0x00200037, 0x00200060, 0x00280030,
    0x00281052, 0x00281053,
)  # fmt: skip
LONGEST_VALUE = 255
SOP_CLASS_UID, SOP_INSTANCE_UID = 0x00080016, 0x00080018


# What is sealed besides the pixels of the top level: the paths of more regions; the tags of what is taken out, the new
# values of what is replaced, by path, and the VR and value of what is added, by tag.
Plan = namedtuple("Plan", "values taken_out replaced added", defaults=(frozenset(), frozenset(), {}, {}))


def sequences_around(paths):
    """As Walker wants them."""
    return {Path(path.within[:i], sequence) for path in paths for i, (sequence, _) in enumerate(path.within)}


class DataSet:
    """`paths`: those in which an element of unknown VR is a sequence."""

    def __init__(self, data, transfer_syntax, paths=()):
        self.data, self.transfer_syntax = data, transfer_syntax
        self.encoding = encoding_of(transfer_syntax)
        self.everything = parse_data_set(data, transfer_syntax, sequences_around(paths))
        self.elements = [element for element in self.everything if not element.path.within]
        self.by_path = {element.path: element for element in reversed(self.everything)}

    def find(self, path):
        return self.by_path.get(path)

    def canonical(self, element, words=WORDS):
        """The value, with its words in Little Endian."""
        return swap(self.data[element.value : element.end], element.encoding, words.get(element.vr, 1))

    def value(self, tag, within=()):
        """Empty if it is missing, or no value but a sequence."""
        element = self.find(Path(within, tag))
        return self.canonical(element) if element and element.form == PLAIN else b""

    def short_value(self, tag, within=()):
        """What of the value is recorded and bound: its beginning, without padding."""
        return stripped(self.value(tag, within)[:LONGEST_VALUE])

    def identity(self, tenant):
        uids = (self.short_value(tag) for tag in (SOP_CLASS_UID, SOP_INSTANCE_UID))
        return keys.Identity(tenant, *uids)

    def bound(self, within=()):
        bound = {name: self.number(BOUND_TAGS[name], within) for name in BOUND_NUMBERS}
        bound[BOUND_TEXT] = self.short_value(BOUND_TAGS[BOUND_TEXT], within).lstrip(b" ") or None
        bound[BOUND_FRAMES] = self.integer_string(BOUND_TAGS[BOUND_FRAMES], within)
        present = {name: value for name, value in bound.items() if value is not None}
        return {**present, BOUND_SYNTAX: self.transfer_syntax if is_encapsulated(self.transfer_syntax) else b""}

    def number(self, tag, within):
        value = self.value(tag, within)
        return struct.unpack("<H", value)[0] if len(value) == 2 else None

    def integer_string(self, tag, within):
        value = self.short_value(tag, within).lstrip(b" ")
        number = int(value) if re.fullmatch(rb"[+-]?[0-9]{1,255}", value) else None
        return number if number is not None and -(1 << 63) <= number < 1 << 63 else None

    def recorded(self):
        values = {tag: self.short_value(tag) for tag in RECORDED_TAGS}
        return {tag: value for tag, value in values.items() if value}

    def bulk_elements(self, paths):
        """Those at these paths, and pixels at the top level, in their order."""
        for element in self.everything:
            if element.path in TOP_PIXELS:
                self.check_encoding(element)
                yield element
            elif element.path in paths and element.form != SEQUENCE:
                yield element

    def check_encoding(self, element):
        is_native = element.path.tag != PIXEL_DATA or not is_encapsulated(self.transfer_syntax)
        is_empty = element.form == PLAIN and element.value == element.end
        if element.form != (PLAIN if is_native else FRAGMENTS) and not is_empty:
            raise DicomError("pixels in another encoding than the transfer syntax says")

    def regions(self, paths):
        """[(Region, its bytes, its element, and the offset if it is a fragment)]"""
        regions = []
        for element in self.bulk_elements(paths):
            if element.form == PLAIN:
                kind = NATIVE if element.path.tag in PIXELS else VALUE
                region = Region(element.path, kind, 0, self.plain_length(element))
                regions.append((region, self.canonical(element, BULK_WORDS)[: region.length], element, None))
            for order, (at, length) in enumerate(element.items[1:]):
                region = Region(element.path, FRAGMENT, order, length)
                regions.append((region, self.data[at : at + length], element, at))
        return regions

    def plain_length(self, element):
        """The length of the value without a byte of padding that the pixels do not need."""
        length = element.end - element.value
        is_swapped = element.encoding.order != "<" and BULK_WORDS.get(element.vr, 1) > 1
        if element.path.tag not in PIXELS or element.path.within or is_swapped:
            return length
        bound = {"samples_per_pixel": 1, BOUND_FRAMES: 1, **self.bound()}
        bits = 1
        for name in ("rows", "columns", "samples_per_pixel", BOUND_FRAMES, "bits_allocated"):
            bits *= bound.get(name, 0)
        pixels = -(-bits // 8)
        return pixels if pixels > 0 and pixels % 2 and length == pixels + 1 else length

    def returned_values(self, paths):
        """[(element, offsets, values)]: the value of a plain one, or that of each fragment."""
        for element in self.bulk_elements(paths):
            if element.form == PLAIN:
                yield element, [element.value], [self.canonical(element, BULK_WORDS)]
            else:
                places = element.items[1:]
                yield element, [at for at, _ in places], [self.data[at : at + length] for at, length in places]

    def in_place(self, element, value):
        """The beginning of a plain value as with_values wants it: all of it, in the encoding of the data set."""
        words = BULK_WORDS.get(element.vr, 1)
        rest = self.canonical(element, BULK_WORDS)[len(value) :]
        return element.value, swap(value + rest, element.encoding, words)

    def block_numbers(self):
        """Of our private blocks, in ascending order."""
        tags = (element.path.tag for element in self.elements)
        creators = [tag & 0xFF for tag in tags if creator_tag(0x10) <= tag <= creator_tag(0xFE)]
        return [block for block in creators if stripped(self.value(creator_tag(block))) == CREATOR]

    def with_values(self, replacements):
        """The elements of the top level, (tag, bytes), with other values of the same length: [(offset, bytes)]."""
        data = bytearray(self.data)
        for offset, value in replacements:
            data[offset : offset + len(value)] = value
        return [(e.path.tag, bytes(data[e.start : e.end])) for e in self.elements]


def creator_tag(block):
    return GROUP_LENGTH | block


def envelope_tag(block):
    return GROUP_LENGTH | block << 8 | 1


def free_block(data_set):
    ours = data_set.block_numbers()
    taken = {element.path.tag for element in data_set.elements}
    for block in range(ours[0] - 1 if ours else 0xFE, 0x0F, -1):
        if creator_tag(block) not in taken:
            break
    else:
        raise DicomError("no free private block")
    if envelope_tag(block) in taken:
        raise DicomError("the place of the envelope is taken, without a creator")
    return block


def join(elements):
    """Without a group length of the group of the block."""
    ordered = sorted(elements, key=lambda element: element[0])
    return b"".join(data for tag, data in ordered if tag != GROUP_LENGTH)


def seal_data_set(data, transfer_syntax, sealing, plan=Plan()):
    """`sealing(data set, plain regions, changes)` gives the envelope and the sealed regions."""
    paths = [*plan.values, *plan.replaced]
    original = DataSet(data, transfer_syntax, paths)
    changed, changes = make_changes(original, plan)
    data_set = DataSet(changed, transfer_syntax, paths)
    regions = data_set.regions(plan.values)
    if not regions and not changes:
        return data
    envelope, sealed = sealing(original, [(region, plain) for region, plain, _, _ in regions], changes)
    places = [
        data_set.in_place(element, value) if at is None else (at, value)
        for (_, _, element, at), value in zip(regions, sealed)
    ]
    elements, block = data_set.with_values(places), free_block(data_set)
    for tag, vr, value in ((creator_tag(block), b"LO", CREATOR), (envelope_tag(block), b"OB", envelope)):
        elements.append((tag, write_element(tag, vr, value, data_set.encoding)))
    return join(elements)


def outermost_envelope(data_set):
    """The number of its block, and its bytes; None if the data set is not sealed."""
    blocks = data_set.block_numbers()
    return (blocks[0], data_set.value(envelope_tag(blocks[0]))) if blocks else None


def ignore(_remark):
    pass


def open_data_set(data, transfer_syntax, keyholder, allowed_codecs, tenant, report=ignore):
    """The data set as it was; as it is if it was not sealed. `report(text)` is told of what is not as it was."""
    data_set = DataSet(data, transfer_syntax)
    found = outermost_envelope(data_set)
    if found is None:
        return data
    block, envelope = found
    opener = objects.Opener(envelope, keyholder, allowed_codecs, data_set.identity(tenant))
    data_set = undone(data_set, opener, report)
    opener.check_bound(data_set.bound())
    elements = data_set.with_values(opened_values(data_set, opener))
    for path in opener.absent:
        report(f"{path.tag:08X} did not come back")
    return join([e for e in elements if e[0] not in (creator_tag(block), envelope_tag(block))])


def undone(data_set, opener, report):
    """The data set without the changes, its sequences found by the paths of the envelope."""
    paths = {region.path for region in opener.body.regions} | {change.path for change in opener.changes}
    if all(path in TOP_PIXELS for path in paths):
        return data_set
    data_set = DataSet(data_set.data, data_set.transfer_syntax, paths)
    data = undo_changes(data_set, opener.changes, opener.body.transfer_syntax, report)
    return DataSet(data, data_set.transfer_syntax, paths)


def opened_values(data_set, opener):
    """As with_values wants them."""
    paths = {region.path for region in opener.body.regions}
    returned = list(data_set.returned_values(paths))
    opened = opener.open_elements([(e.path, e.form == FRAGMENTS, values) for e, _, values in returned])
    for (element, offsets, _), values in zip(returned, opened):
        if element.form == PLAIN:
            yield data_set.in_place(element, values[0])
        else:
            yield from zip(offsets, values)
