"""Part 10 files and data sets: where the elements stand, at any depth, and how they are written."""
import re
import struct
import zlib
from collections import namedtuple

from wire import Path

IMPLICIT = b"1.2.840.10008.1.2"
EXPLICIT = b"1.2.840.10008.1.2.1"
BIG_ENDIAN = b"1.2.840.10008.1.2.2"
DEFLATED = b"1.2.840.10008.1.2.1.99"  # Explicit VR in a raw RFC 1951 stream (PS3.5 A.5)
# Without pixels of their own, or not Explicit VR. Any other is taken for an encapsulated one.
NOT_SEALED = frozenset(
    b"1.2.840.10008.1.2.4.94 1.2.840.10008.1.2.4.95 1.2.840.10008.1.2.4.204"
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

# Bytes in a word, by VR: of values that are sealed, and of any other.
BULK_WORDS = {b"OW": 2, b"OF": 4, b"OL": 4, b"OD": 8, b"OV": 8}
WORDS = {
    **BULK_WORDS, b"US": 2, b"SS": 2, b"AT": 2, b"UL": 4, b"SL": 4, b"FL": 4, b"FD": 8, b"SV": 8, b"UV": 8
}  # fmt: skip

# order: that of struct, < or >
Encoding = namedtuple("Encoding", "explicit order")
IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG = Encoding(False, "<"), Encoding(True, "<"), Encoding(True, ">")

# start, value and end are offsets; items: (offset, length) of each fragment of encapsulated pixel data
Element = namedtuple("Element", "path vr form start value end items encoding")
Header = namedtuple("Header", "tag vr length end")
File = namedtuple("File", "meta transfer_syntax data")


class DicomError(Exception):
    """This is no DICOM file or data set that can be read here."""


class Walker:
    """Goes through a data set as strictly as two readers must to agree on what it is. `sequences`: what is known to
    be one without a VR, as (within, tag) of a path."""

    def __init__(self, data, sequences=frozenset()):
        self.data, self.sequences = data, sequences
        self.elements = []  # all that were walked through, each after what is in it

    def header(self, at, encoding, limit):
        """Of an element or item that fits before `limit`."""
        header = self.read_header(at, encoding)
        length = 0 if header.length == UNDEFINED else header.length
        if header.end + length > limit:
            raise DicomError(f"{header.tag:08X} reaches past what encloses it")
        return header

    def read_header(self, at, encoding):
        order = encoding.order
        try:
            group, element = struct.unpack_from(order + "HH", self.data, at)
            tag = group << 16 | element
            if group == DELIMITERS or not encoding.explicit:
                return Header(tag, b"", struct.unpack_from(order + "I", self.data, at + 4)[0], at + 8)
            vr = self.data[at + 4 : at + 6]
            if not re.fullmatch(rb"[A-Z]{2}", vr):
                raise DicomError(f"no VR at {at}")
            if vr in SHORT_FORM:
                return Header(tag, vr, struct.unpack_from(order + "H", self.data, at + 6)[0], at + 8)
            return Header(tag, vr, struct.unpack_from(order + "I", self.data, at + 8)[0], at + 12)
        except struct.error:
            raise DicomError("ends within a header") from None

    def form(self, header, encoding, path):
        if header.tag >> 16 == DELIMITERS:
            raise DicomError("an item outside of a sequence")
        if header.length != UNDEFINED:
            is_known = path in self.sequences and (not encoding.explicit or header.vr == b"UN")
            return SEQUENCE if header.vr == b"SQ" or is_known else PLAIN
        if header.tag == PIXEL_DATA and (not encoding.explicit or header.vr in (b"OB", b"OW")):
            return FRAGMENTS
        if not encoding.explicit or header.vr in (b"SQ", b"UN"):
            return SEQUENCE
        raise DicomError(f"{header.tag:08X} has an undefined length")

    def element(self, at, encoding, limit, within=()):
        header = self.header(at, encoding, limit)
        path = Path(within, header.tag)
        form, items = self.form(header, encoding, path), []
        if form == PLAIN:
            end = header.end + header.length
        else:
            items, end = self.items(header, form, inside(header.vr, encoding), limit, within)
        self.elements.append(Element(path, header.vr, form, at, header.end, end, items, encoding))
        return self.elements[-1]

    def items(self, around, form, encoding, limit, within):
        """(offset, length) of the items of a sequence or of fragments, and the offset after its end."""
        if len(within) == MAX_DEPTH:
            raise DicomError("sequences are nested too deep")
        is_defined = around.length != UNDEFINED
        limit = around.end + around.length if is_defined else limit
        items, at = [], around.end
        while not (is_defined and at == limit):
            header = self.header(at, encoding, limit)
            if header.tag == SEQUENCE_END and not is_defined:
                return items, self.end_of_delimiter(header)
            if header.tag != ITEM or (form == FRAGMENTS and header.length == UNDEFINED):
                raise DicomError(f"{header.tag:08X} where an item should be")
            step = (around.tag, len(items))
            items.append((header.end, header.length))
            if form == SEQUENCE:
                at = self.item(header, encoding, limit, (*within, step))
            else:
                at = header.end + header.length
        return items, at

    def item(self, around, encoding, limit, within):
        is_defined = around.length != UNDEFINED
        limit = around.end + around.length if is_defined else limit
        at = around.end
        while not (is_defined and at == limit):
            header = self.header(at, encoding, limit)
            if header.tag == ITEM_END and not is_defined:
                return self.end_of_delimiter(header)
            at = self.element(at, encoding, limit, within).end
        return at

    def end_of_delimiter(self, header):
        if header.length:
            raise DicomError("a delimiter with a length")
        return header.end


def inside(vr, encoding):
    """How the items of a sequence are encoded."""
    return IMPLICIT_LITTLE if vr == b"UN" else encoding


def parse_data_set(data, transfer_syntax, sequences=frozenset()):
    """All elements, at any depth, in their order."""
    walker, at, last = Walker(data, sequences), 0, -1
    while at < len(data):
        element = walker.element(at, encoding_of(transfer_syntax), len(data))
        if element.path.tag <= last:
            raise DicomError(f"{element.path.tag:08X} is out of order")
        at, last = element.end, element.path.tag
    return sorted(walker.elements, key=lambda element: element.start)


def encoding_of(transfer_syntax):
    known = {IMPLICIT: IMPLICIT_LITTLE, BIG_ENDIAN: EXPLICIT_BIG}
    return known.get(transfer_syntax, EXPLICIT_LITTLE)


def is_encapsulated(transfer_syntax):
    return transfer_syntax not in (IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN)


def swap(value, encoding, size):
    """From the encoding to Little Endian, or back; a last incomplete word stays as it is."""
    if encoding.order == "<" or size == 1:
        return value
    whole = len(value) // size * size
    words = (value[at : at + size][::-1] for at in range(0, whole, size))
    return b"".join(words) + value[whole:]


def write_header(tag, vr, length, encoding):
    order = encoding.order
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if not encoding.explicit or tag >> 16 == DELIMITERS:
        return head + struct.pack(order + "I", length)
    if vr in SHORT_FORM:
        return head + vr + struct.pack(order + "H", length)
    return head + vr + struct.pack(order + "HI", 0, length)


def write_element(tag, vr, value, encoding):
    """`value` is in Little Endian."""
    if vr in SHORT_FORM and len(value) > 0xFFFF:
        vr = b"UN"
    return write_header(tag, vr, len(value), encoding) + swap(value, encoding, WORDS.get(vr, 1))


# Files


def parse_file(data):
    """Preamble and file meta information as they are, the transfer syntax, and the bytes of the data set, inflated."""
    if data[128:132] != b"DICM":
        raise DicomError("no Part 10 file")
    at, transfer_syntax = 132, None
    while data[at : at + 2] == b"\2\0":
        element = Walker(data).element(at, EXPLICIT_LITTLE, len(data))
        if element.path.tag == 0x00020010:
            transfer_syntax = data[element.value : element.end].rstrip(b"\0 ")
        at = element.end
    if not transfer_syntax or transfer_syntax in NOT_SEALED:
        raise DicomError("transfer syntax")
    return File(data[:at], transfer_syntax, inflate(data[at:]) if transfer_syntax == DEFLATED else data[at:])


def write_file(meta, transfer_syntax, data):
    return meta + (deflate(data) if transfer_syntax == DEFLATED else data)


def inflate(stream):
    inflater = zlib.decompressobj(-15)
    try:
        data = inflater.decompress(stream)
    except zlib.error as error:
        raise DicomError(str(error)) from error
    if not inflater.eof or inflater.unused_data not in (b"", b"\0"):
        raise DicomError("the deflated stream ends early or is followed by something")
    return data


def deflate(data):
    deflater = zlib.compressobj(wbits=-15)
    stream = deflater.compress(data) + deflater.flush()
    return stream + bytes(len(stream) % 2)
