"""Part 10 files and data sets in Little Endian: where the elements of the top level stand, and no more.

Values are not interpreted; sequences are walked to find their end.
"""
import re
import struct
from collections import namedtuple

IMPLICIT = b"1.2.840.10008.1.2"
EXPLICIT = b"1.2.840.10008.1.2.1"
# Big endian, deflated, without pixels of their own, or not Explicit VR. Any other is taken for an encapsulated one.
NOT_SEALED = frozenset(
    b"1.2.840.10008.1.2.2 1.2.840.10008.1.2.1.99 1.2.840.10008.1.2.4.94 1.2.840.10008.1.2.4.95 1.2.840.10008.1.2.4.204"
    b" 1.2.840.10008.1.2.4.205 1.2.840.10008.1.2.6.1 1.2.840.10008.1.2.6.2 1.2.840.10008.1.2.7.1 1.2.840.10008.1.2.7.2"
    b" 1.2.840.10008.1.2.7.3 1.2.840.10008.1.20 1.2.840.113619.5.2".split()
)

SHORT_FORM = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
UNDEFINED = 0xFFFFFFFF
DELIMITERS = 0xFFFE  # group
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
MAX_DEPTH = 256
PLAIN, SEQUENCE, FRAGMENTS = "plain", "sequence", "fragments"

# start, value and end are offsets; items: (offset, length) of each fragment of encapsulated pixel data
Element = namedtuple("Element", "tag vr form start value end items")
Header = namedtuple("Header", "tag vr length end")
File = namedtuple("File", "meta transfer_syntax data")


class DicomError(Exception):
    """This is no DICOM file or data set that can be read here."""


class Walker:
    """Goes through a data set as strictly as two readers must to agree on what it is."""

    def __init__(self, data):
        self.data = data

    def header(self, at, explicit, limit):
        """Of an element or item that fits before `limit`."""
        header = self.read_header(at, explicit)
        length = 0 if header.length == UNDEFINED else header.length
        if header.end + length > limit:
            raise DicomError(f"{header.tag:08X} reaches past what encloses it")
        return header

    def read_header(self, at, explicit):
        try:
            group, element = struct.unpack_from("<HH", self.data, at)
            tag = group << 16 | element
            if group == DELIMITERS or not explicit:
                return Header(tag, b"", struct.unpack_from("<I", self.data, at + 4)[0], at + 8)
            vr = self.data[at + 4 : at + 6]
            if not re.fullmatch(rb"[A-Z]{2}", vr):
                raise DicomError(f"no VR at {at}")
            if vr in SHORT_FORM:
                return Header(tag, vr, struct.unpack_from("<H", self.data, at + 6)[0], at + 8)
            return Header(tag, vr, struct.unpack_from("<I", self.data, at + 8)[0], at + 12)
        except struct.error:
            raise DicomError("ends within a header") from None

    def form(self, header, explicit):
        if header.tag >> 16 == DELIMITERS:
            raise DicomError("an item outside of a sequence")
        if header.length != UNDEFINED:
            return SEQUENCE if header.vr == b"SQ" else PLAIN
        if header.tag == PIXEL_DATA and (not explicit or header.vr in (b"OB", b"OW")):
            return FRAGMENTS
        if not explicit or header.vr in (b"SQ", b"UN"):
            return SEQUENCE
        raise DicomError(f"{header.tag:08X} has an undefined length")

    def element(self, at, explicit, limit, depth):
        header = self.header(at, explicit, limit)
        form, items = self.form(header, explicit), []
        if form == PLAIN:
            end = header.end + header.length
        else:
            inside = explicit and header.vr != b"UN"  # a UN of undefined length is Implicit VR inside
            items, end = self.items(header, form, inside, limit, depth + 1)
        return Element(header.tag, header.vr, form, at, header.end, end, items)

    def items(self, around, form, explicit, limit, depth):
        """(offset, length) of the items of a sequence or of fragments, and the offset after its end."""
        if depth > MAX_DEPTH:
            raise DicomError("sequences are nested too deep")
        is_defined = around.length != UNDEFINED
        limit = around.end + around.length if is_defined else limit
        items, at = [], around.end
        while not (is_defined and at == limit):
            header = self.header(at, explicit, limit)
            if header.tag == SEQUENCE_END and not is_defined:
                return items, self.end_of_delimiter(header)
            if header.tag != ITEM or (form == FRAGMENTS and header.length == UNDEFINED):
                raise DicomError(f"{header.tag:08X} where an item should be")
            items.append((header.end, header.length))
            at = self.item(header, explicit, limit, depth) if form == SEQUENCE else header.end + header.length
        return items, at

    def item(self, around, explicit, limit, depth):
        is_defined = around.length != UNDEFINED
        limit = around.end + around.length if is_defined else limit
        at = around.end
        while not (is_defined and at == limit):
            header = self.header(at, explicit, limit)
            if header.tag == ITEM_END and not is_defined:
                return self.end_of_delimiter(header)
            at = self.element(at, explicit, limit, depth).end
        return at

    def end_of_delimiter(self, header):
        if header.length:
            raise DicomError("a delimiter with a length")
        return header.end


def parse_data_set(data, transfer_syntax):
    """The elements of the top level, in their order."""
    elements, at = [], 0
    while at < len(data):
        element = Walker(data).element(at, transfer_syntax != IMPLICIT, len(data), 0)
        if elements and element.tag <= elements[-1].tag:
            raise DicomError(f"{element.tag:08X} is out of order")
        elements.append(element)
        at = element.end
    return elements


def is_encapsulated(transfer_syntax):
    return transfer_syntax not in (IMPLICIT, EXPLICIT)


def write_element(tag, vr, value, transfer_syntax):
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if transfer_syntax == IMPLICIT:
        return head + struct.pack("<I", len(value)) + value
    if vr in SHORT_FORM:
        return head + vr + struct.pack("<H", len(value)) + value
    return head + vr + struct.pack("<HI", 0, len(value)) + value


# Files


def parse_file(data):
    """Preamble and file meta information as they are, the transfer syntax, and the bytes of the data set."""
    if data[128:132] != b"DICM":
        raise DicomError("no Part 10 file")
    at, transfer_syntax = 132, None
    while data[at : at + 2] == b"\2\0":
        element = Walker(data).element(at, True, len(data), 0)
        if element.tag == 0x00020010:
            transfer_syntax = data[element.value : element.end].rstrip(b"\0 ")
        at = element.end
    if not transfer_syntax or transfer_syntax in NOT_SEALED:
        raise DicomError("transfer syntax")
    return File(data[:at], transfer_syntax, data[at:])
