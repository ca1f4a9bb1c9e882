"""Part 10 files and data sets in Little Endian: where the elements of the top level stand, and no more.

Values are never interpreted but for the few that the sealed object binds; sequences are walked to find their end.
"""
import re
import struct
from collections import namedtuple

IMPLICIT = b"1.2.840.10008.1.2"
EXPLICIT = b"1.2.840.10008.1.2.1"
# What is neither of these, nor one of the refused, and begins so is encapsulated, in Explicit VR.
ENCAPSULATED = re.compile(rb"1\.2\.840\.10008\.1\.2\.(4\.[0-9.]+|5)")

LONG_FORM = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
MAX_DEPTH = 64

# start, value and end are offsets; fragments: (offset, length) of each item, or None if it is no encapsulated pixel data
Element = namedtuple("Element", "tag vr start value end fragments")
Header = namedtuple("Header", "tag vr length end")
File = namedtuple("File", "meta transfer_syntax data")


class DicomError(Exception):
    """This is no DICOM file or data set that can be read here."""


def read_header(data, at, explicit):
    try:
        group, element = struct.unpack_from("<HH", data, at)
        tag = group << 16 | element
        if group == 0xFFFE or not explicit:
            return Header(tag, b"", struct.unpack_from("<I", data, at + 4)[0], at + 8)
        vr = data[at + 4 : at + 6]
        if not re.fullmatch(rb"[A-Z]{2}", vr):
            raise DicomError(f"no VR at {at}")
        if vr in LONG_FORM:
            return Header(tag, vr, struct.unpack_from("<I", data, at + 8)[0], at + 12)
        return Header(tag, vr, struct.unpack_from("<H", data, at + 6)[0], at + 8)
    except struct.error:
        raise DicomError("ends within a header") from None


def end_of_value(data, header):
    if header.length == UNDEFINED or header.length > len(data) - header.end:
        raise DicomError(f"length of {header.tag:08X}")
    return header.end + header.length


def is_explicit_inside(header, explicit):
    return explicit and header.vr != b"UN"  # a UN of undefined length is Implicit VR inside


def skip_items(data, at, explicit, depth):
    """The items up to the end of their sequence: [(offset, length or None)], and the offset after it."""
    if depth > MAX_DEPTH:
        raise DicomError("sequences are nested too deep")
    items = []
    while True:
        header = read_header(data, at, explicit)
        if header.tag == SEQUENCE_END:
            return items, end_of_value(data, header)
        if header.tag != ITEM:
            raise DicomError(f"{header.tag:08X} where an item should be")
        if header.length == UNDEFINED:
            items.append((header.end, None))
            at = skip_elements(data, header.end, explicit, depth)
        else:
            items.append((header.end, header.length))
            at = end_of_value(data, header)


def skip_elements(data, at, explicit, depth):
    while True:
        header = read_header(data, at, explicit)
        if header.tag == ITEM_END:
            return end_of_value(data, header)
        if header.length == UNDEFINED:
            _, at = skip_items(data, header.end, is_explicit_inside(header, explicit), depth + 1)
        else:
            at = end_of_value(data, header)


def parse_data_set(data, transfer_syntax):
    """The elements of the top level, in their order."""
    explicit, elements, at = transfer_syntax != IMPLICIT, [], 0
    while at < len(data):
        header = read_header(data, at, explicit)
        fragments = None
        if header.tag >> 16 == 0xFFFE or (elements and header.tag <= elements[-1].tag):
            raise DicomError(f"{header.tag:08X} is out of order")
        if header.length == UNDEFINED:
            items, end = skip_items(data, header.end, is_explicit_inside(header, explicit), 0)
            if header.tag == PIXEL_DATA:
                fragments = checked_fragments(items, transfer_syntax)
        else:
            end = end_of_value(data, header)
        elements.append(Element(header.tag, header.vr, at, header.end, end, fragments))
        at = end
    return elements


def checked_fragments(items, transfer_syntax):
    if not is_encapsulated(transfer_syntax) or any(length is None for _, length in items):
        raise DicomError("fragments that are none")
    return items


def is_encapsulated(transfer_syntax):
    return bool(ENCAPSULATED.fullmatch(transfer_syntax))


def write_element(tag, vr, value, transfer_syntax):
    """In Explicit VR, of the long form only for OB."""
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if transfer_syntax == IMPLICIT:
        return head + struct.pack("<I", len(value)) + value
    if vr == b"OB":
        return head + vr + struct.pack("<HI", 0, len(value)) + value
    return head + vr + struct.pack("<H", len(value)) + value


# Files


def parse_file(data):
    """Preamble and file meta information as they are, the transfer syntax, and the bytes of the data set."""
    if data[128:132] != b"DICM":
        raise DicomError("no Part 10 file")
    at, transfer_syntax = 132, None
    while data[at : at + 2] == b"\2\0":
        header = read_header(data, at, True)
        end = end_of_value(data, header)
        if header.tag == 0x00020010:
            transfer_syntax = data[header.end : end].rstrip(b"\0 ")
        at = end
    if transfer_syntax not in (IMPLICIT, EXPLICIT) and not is_encapsulated(transfer_syntax or b""):
        raise DicomError("transfer syntax")
    return File(data[:at], transfer_syntax, data[at:])
