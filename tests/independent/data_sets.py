"""Seals and opens a data set: finds its regions, its bound context and the private block, and puts them back."""
import re
import struct

import keys
import objects
from dicom import FRAGMENTS, PIXEL_DATA, PLAIN, DicomError, is_encapsulated, parse_data_set, write_element
from envelope import BOUND_FRAMES, BOUND_NUMBERS, BOUND_SYNTAX, BOUND_TEXT, FRAGMENT, NATIVE, Region

PIXELS = (0x7FE00008, 0x7FE00009, PIXEL_DATA)
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


class DataSet:
    def __init__(self, data, transfer_syntax):
        self.data, self.transfer_syntax = data, transfer_syntax
        self.elements = parse_data_set(data, transfer_syntax)

    def value(self, tag):
        """Empty if it is missing, or no value but a sequence."""
        return next((self.data[e.value : e.end] for e in self.elements if e.tag == tag and e.form == PLAIN), b"")

    def short_value(self, tag):
        """What of the value is recorded and bound: its beginning, without padding."""
        return self.value(tag)[:LONGEST_VALUE].rstrip(b" \0")

    def identity(self, tenant):
        uids = (self.short_value(tag) for tag in (SOP_CLASS_UID, SOP_INSTANCE_UID))
        return keys.Identity(tenant, *uids)

    def bound(self):
        bound = {name: self.number(BOUND_TAGS[name]) for name in BOUND_NUMBERS}
        bound[BOUND_TEXT] = self.short_value(BOUND_TAGS[BOUND_TEXT]).lstrip(b" ") or None
        bound[BOUND_FRAMES] = self.integer_string(BOUND_TAGS[BOUND_FRAMES])
        present = {name: value for name, value in bound.items() if value is not None}
        return {**present, BOUND_SYNTAX: self.transfer_syntax if is_encapsulated(self.transfer_syntax) else b""}

    def number(self, tag):
        value = self.value(tag)
        return struct.unpack("<H", value)[0] if len(value) == 2 else None

    def integer_string(self, tag):
        value = self.short_value(tag).lstrip(b" ")
        number = int(value) if re.fullmatch(rb"[+-]?[0-9]{1,255}", value) else None
        return number if number is not None and -(1 << 63) <= number < 1 << 63 else None

    def recorded(self):
        values = {tag: self.short_value(tag) for tag in RECORDED_TAGS}
        return {tag: value for tag, value in values.items() if value}

    def pixel_elements(self):
        for element in self.elements:
            if element.tag not in PIXELS:
                continue
            is_native = element.tag != PIXEL_DATA or not is_encapsulated(self.transfer_syntax)
            is_empty = element.form == PLAIN and element.value == element.end
            if element.form != (PLAIN if is_native else FRAGMENTS) and not is_empty:
                raise DicomError("pixels in another encoding than the transfer syntax says")
            yield element

    def regions(self):
        """[(Region, its bytes, their offset)]"""
        regions = []
        for element in self.pixel_elements():
            if element.form == PLAIN:
                regions.append((Region(element.tag, NATIVE, 0, self.native_length(element)), element.value))
            for order, (offset, length) in enumerate(element.items[1:]):
                regions.append((Region(element.tag, FRAGMENT, order, length), offset))
        return [(region, self.data[at : at + region.length], at) for region, at in regions]

    def native_length(self, element):
        """The length of the value without a byte of padding that the pixels do not need."""
        bound = {"samples_per_pixel": 1, BOUND_FRAMES: 1, **self.bound()}
        bits, length = 1, element.end - element.value
        for name in ("rows", "columns", "samples_per_pixel", BOUND_FRAMES, "bits_allocated"):
            bits *= bound.get(name, 0)
        pixels = -(-bits // 8)
        return pixels if pixels > 0 and pixels % 2 and length == pixels + 1 else length

    def pixel_values(self):
        """[(tag, kind, [(offset, length) of the value or of each fragment])]"""
        return [
            (e.tag, NATIVE, [(e.value, e.end - e.value)]) if e.form == PLAIN else (e.tag, FRAGMENT, e.items[1:])
            for e in self.pixel_elements()
        ]

    def block_numbers(self):
        """Of our private blocks, in ascending order."""
        creators = [e.tag & 0xFF for e in self.elements if creator_tag(0x10) <= e.tag <= creator_tag(0xFE)]
        return [block for block in creators if self.value(GROUP_LENGTH | block).rstrip(b" \0") == CREATOR]

    def with_values(self, replacements):
        """The elements of the top level, (tag, bytes), with other values of the same length: [(offset, bytes)]."""
        data = bytearray(self.data)
        for offset, value in replacements:
            data[offset : offset + len(value)] = value
        return [(e.tag, bytes(data[e.start : e.end])) for e in self.elements if e.tag != GROUP_LENGTH]


def creator_tag(block):
    return GROUP_LENGTH | block


def envelope_tag(block):
    return GROUP_LENGTH | block << 8 | 1


def free_block(data_set):
    ours = data_set.block_numbers()
    taken = {element.tag for element in data_set.elements}
    for block in range(ours[0] - 1 if ours else 0xFE, 0x0F, -1):
        if creator_tag(block) not in taken:
            break
    else:
        raise DicomError("no free private block")
    if envelope_tag(block) in taken:
        raise DicomError("the place of the envelope is taken, without a creator")
    return block


def join(elements):
    return b"".join(data for _, data in sorted(elements, key=lambda element: element[0]))


def seal_data_set(data, transfer_syntax, sealing):
    """`sealing(data set, plain regions)` gives the envelope and the sealed regions."""
    data_set = DataSet(data, transfer_syntax)
    regions = data_set.regions()
    if not regions:
        return data
    envelope, sealed = sealing(data_set, [(region, plain) for region, plain, _ in regions])
    elements = data_set.with_values([(at, value) for (_, _, at), value in zip(regions, sealed)])
    block = free_block(data_set)
    elements.append((creator_tag(block), write_element(creator_tag(block), b"LO", CREATOR, transfer_syntax)))
    elements.append((envelope_tag(block), write_element(envelope_tag(block), b"OB", envelope, transfer_syntax)))
    return join(elements)


def outermost_envelope(data_set):
    """The number of its block, and its bytes; None if the data set is not sealed."""
    blocks = data_set.block_numbers()
    return (blocks[0], data_set.value(envelope_tag(blocks[0]))) if blocks else None


def open_data_set(data, transfer_syntax, keyholder, allowed_codecs, tenant):
    """The data set as it was; as it is if it was not sealed."""
    data_set = DataSet(data, transfer_syntax)
    found = outermost_envelope(data_set)
    if found is None:
        return data
    block, envelope = found
    opener = objects.Opener(envelope, keyholder, allowed_codecs, data_set.identity(tenant))
    opener.check_bound(data_set.bound())
    pixels = data_set.pixel_values()
    opened = opener.open_elements(
        [(tag, kind, [data[at : at + length] for at, length in places]) for tag, kind, places in pixels]
    )
    offsets = [at for _, _, places in pixels for at, _ in places]
    elements = data_set.with_values(list(zip(offsets, (value for values in opened for value in values))))
    return join([e for e in elements if e[0] not in (creator_tag(block), envelope_tag(block))])
