"""Small DICOM objects, as odd as the standard and real senders allow, from a seed."""
import struct
from collections import namedtuple

from dicom import BIG_ENDIAN, EXPLICIT, IMPLICIT, PIXEL_DATA, SHORT_FORM, UNDEFINED, write_file
from envelope import UNIT_SIZE

ENCAPSULATED = (b"1.2.840.10008.1.2.4.50", b"1.2.840.10008.1.2.4.90", b"1.2.840.10008.1.2.5", b"1.2.840.10008.1.2.4.80")
CT, SECONDARY_CAPTURE = b"1.2.840.10008.5.1.4.1.1.2", b"1.2.840.10008.5.1.4.1.1.7"

LARGE = 0.01  # the part of objects with a region of more than one unit

# Values of an element besides bytes.
Sequence = namedtuple("Sequence", "items defined_length defined_items")
Fragments = namedtuple("Fragments", "values")  # the first is the offset table

Made = namedtuple("Made", "elements transfer_syntax")


def even(value, pad=b" "):
    return value + pad * (len(value) % 2)


def us(number):
    return struct.pack("<H", number)


# Encoding


def encode(elements, transfer_syntax):
    return b"".join(encode_element(*element, transfer_syntax) for element in sorted(elements, key=lambda e: e[0]))


def encode_element(tag, vr, value, transfer_syntax):
    if isinstance(value, Sequence):
        content = b"".join(encode_item(item, value.defined_items, transfer_syntax) for item in value.items)
        if not value.defined_length:
            return encode_header(tag, vr, UNDEFINED, transfer_syntax) + content + delimiter(0xE0DD, transfer_syntax)
        value = content
    elif isinstance(value, Fragments):
        content = b"".join(item_header(len(fragment)) + fragment for fragment in value.values)
        return encode_header(tag, vr, UNDEFINED, transfer_syntax) + content + delimiter(0xE0DD)
    elif transfer_syntax == BIG_ENDIAN:
        value = swapped(vr, value)
    return encode_header(tag, vr, len(value), transfer_syntax) + value


def swapped(vr, value):
    """The words that are used here; a last incomplete one stays as it is."""
    form = {b"US": "H", b"OW": "H", b"OF": "I", b"UL": "I", b"OD": "Q"}.get(vr, "B")
    count = len(value) // struct.calcsize(form)
    whole = count * struct.calcsize(form)
    return struct.pack(f">{count}{form}", *struct.unpack(f"<{count}{form}", value[:whole])) + value[whole:]


def order_of(transfer_syntax):
    return ">" if transfer_syntax == BIG_ENDIAN else "<"


def encode_header(tag, vr, length, transfer_syntax):
    order = order_of(transfer_syntax)
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if transfer_syntax == IMPLICIT:
        return head + struct.pack("<I", length)
    if vr in SHORT_FORM:
        return head + vr + struct.pack(order + "H", length)
    return head + vr + struct.pack(order + "HI", 0, length)


def item_header(length, transfer_syntax=EXPLICIT):
    return struct.pack(order_of(transfer_syntax) + "HHI", 0xFFFE, 0xE000, length)


def delimiter(element, transfer_syntax=EXPLICIT):
    return struct.pack(order_of(transfer_syntax) + "HHI", 0xFFFE, element, 0)


def encode_item(elements, defined, transfer_syntax):
    content = encode(elements, transfer_syntax)
    if defined:
        return item_header(len(content), transfer_syntax) + content
    return item_header(UNDEFINED, transfer_syntax) + content + delimiter(0xE00D, transfer_syntax)


def file_of(made, data_set=None):
    """A Part 10 file of it, or of another data set with its UIDs and transfer syntax."""
    values = {tag: value for tag, _, value in made.elements}
    meta = [
        (0x00020001, b"OB", b"\0\1"),
        (0x00020002, b"UI", values[0x00080016]),
        (0x00020003, b"UI", values[0x00080018]),
        (0x00020010, b"UI", even(made.transfer_syntax, b"\0")),
        (0x00020012, b"UI", even(b"1.2.3.4.5", b"\0")),
    ]
    content = encode(meta, EXPLICIT)
    length = encode_element(0x00020000, b"UL", struct.pack("<I", len(content)), EXPLICIT)
    data_set = encode(made.elements, made.transfer_syntax) if data_set is None else data_set
    return write_file(bytes(128) + b"DICM" + length + content, made.transfer_syntax, data_set)


# Making


def make(rng, number):
    """The object of that number: its elements of the top level in no special order."""
    transfer_syntax = rng.choice((IMPLICIT, EXPLICIT, rng.choice(ENCAPSULATED)))
    elements = identifiers(rng, number) + random_sequences(rng) + private_elements(rng)
    if rng.random() < 0.9:
        elements += image(rng, transfer_syntax)
    if rng.random() < 0.2:
        elements.append((0xFFFCFFFC, b"OB", bytes(even(rng.randbytes(rng.randrange(30)), b"\0"))))
    return Made(elements, transfer_syntax)


def identifiers(rng, number):
    elements = [
        (0x00080005, b"CS", b"ISO_IR 100"),
        (0x00080016, b"UI", even(rng.choice((CT, SECONDARY_CAPTURE)), b"\0")),
        (0x00080018, b"UI", even(b"1.2.3.4.%d" % number, b"\0")),
        (0x00100010, b"PN", even(b"DOE^J" + b"X" * rng.randrange(20))),
        (0x0020000D, b"UI", even(b"1.2.3.%d" % rng.randrange(1000), b"\0")),
    ]
    some = [
        (0x00080050, b"SH", even(rng.choice((b"", b"A1", b"ACC 7  ")))),
        (0x00100020, b"LO", even(rng.choice((b"", b"P%d" % number, b"  P 1 ", b"\xc4RZTE")))),
        (0x00200032, b"DS", even(b"1.5\\-2\\3e1")),
        (0x00281052, b"DS", even(b"-1024")),
        (0x00281053, b"DS", even(rng.choice((b"1", b"1.0 ", b" ")))),
        (0x00280030, b"DS", even(b"0.5\\" * rng.choice((2, 100)) + b"0.5")),
    ]
    return elements + [element for element in some if rng.random() < 0.5]


def image(rng, transfer_syntax):
    rows, columns, bits = rng.randrange(40), rng.randrange(1, 30), rng.choice((1, 8, 8, 16))
    samples, frames = rng.choice((None, 1, 1, 3)), rng.choice((None, None, 1, 2, 3))
    elements = [
        (0x00280004, b"CS", even(rng.choice((b"MONOCHROME2", b"RGB", b" RGB  ", b"")))),
        (0x00280010, b"US", us(rows)),
        (0x00280011, b"US", us(columns)),
        (0x00280100, b"US", us(bits)),
        (0x00280101, b"US", us(bits)),
        (0x00280102, b"US", us(bits - 1)),
        (0x00280103, b"US", rng.choice((us(0), us(1), b"", bytes(4)))),
    ]
    if samples is not None:
        elements.append((0x00280002, b"US", us(samples)))
    if frames is not None:
        spelling = rng.choice((b"%d", b"%d ", b" %d", b"+%d", b"%d  ", b"0%d")) % frames
        elements.append((0x00280008, b"IS", even(spelling)))
    if rng.random() < 0.1:
        del elements[rng.randrange(len(elements))]
    if transfer_syntax not in (IMPLICIT, EXPLICIT):
        return elements + [(PIXEL_DATA, b"OB", fragments(rng))]
    length = -(-rows * columns * (samples or 1) * (frames or 1) * bits // 8)
    return elements + native_pixels(rng, length)


def fragments(rng):
    """Now and then none, or an empty Pixel Data of no fragments' form."""
    if rng.random() < 0.05:
        return b""
    values = [rng.choice((b"", bytes(4), bytes(8)))]
    for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
        values.append(rng.randbytes(rng.choice((0, 1, 2, 15, 16, 17, 40, rng.randrange(600)))))
    if rng.random() < LARGE:
        values.append(rng.randbytes(UNIT_SIZE + rng.randrange(100)))
    return Fragments(values)


def native_pixels(rng, length):
    """About 3 KB, with few exceptions; of the right length, with padding, without, or of another."""
    length = rng.choice((length, length + length % 2, length + 1, rng.randrange(200), 0)) % 3100
    if rng.random() < LARGE:
        length += UNIT_SIZE
    tag, vr = rng.choice(((PIXEL_DATA, b"OW"), (PIXEL_DATA, b"OB"), (0x7FE00008, b"OF"), (0x7FE00009, b"OD")))
    elements = [(tag, vr, rng.randbytes(length))]
    if tag != PIXEL_DATA and rng.random() < 0.3:
        elements.append((PIXEL_DATA, b"OW", rng.randbytes(rng.randrange(100))))
    return elements


def random_sequences(rng):
    tags = [tag for tag in (0x00081140, 0x00082218, 0x00880200, 0x52009229) if rng.random() < 0.3]
    return [(tag, b"SQ", random_sequence(rng, 0)) for tag in tags]


def random_sequence(rng, depth):
    items = [random_item(rng, depth) for _ in range(rng.randrange(4))]
    return Sequence(items, rng.random() < 0.5, rng.random() < 0.5)


def random_item(rng, depth):
    instance = even(b"1.2.%d" % rng.randrange(99999), b"\0")
    elements = [(0x00081150, b"UI", even(CT, b"\0")), (0x00081155, b"UI", instance)]
    if rng.random() < 0.3:
        elements.append((0x00280010, b"US", us(rng.randrange(99))))
        elements.append((PIXEL_DATA, b"OW", rng.randbytes(2 * rng.randrange(20))))
    if depth < 3 and rng.random() < 0.3:
        elements.append((0x0040A730, b"SQ", random_sequence(rng, depth + 1)))
    return elements


def private_elements(rng):
    elements = []
    for group in (0x0009, 0x7FE1, 0x7FE3):
        if rng.random() < 0.3:
            elements += private_block(rng, group << 16)
    return elements


def private_block(rng, group):
    block = rng.choice((0x10, 0x11, 0xFD, 0xFE))
    creator = rng.choice((b"ACME 1.1", b"PORTCULLIS 2", b"OTHER"))
    elements = [(group | block, b"LO", even(creator))]
    for element in {rng.randrange(256) for _ in range(rng.randrange(4))}:
        value = even(rng.randbytes(rng.randrange(300)), b"\0")
        elements.append((group | block << 8 | element, rng.choice((b"OB", b"UN")), value))
    if rng.random() < 0.2:
        elements.append((group | block << 8 | 0xFF, b"SQ", random_sequence(rng, 1)))
        elements = list({element[0]: element for element in elements}.values())
    return elements
