"""What the envelope is made of: integers, texts and paths, to bytes and back."""
from collections import namedtuple

from failures import Refused
from keys import u

MAX_PATH_DEPTH = 32

# within: (tag of the sequence, item number) for each sequence around the value, from the outside
Path = namedtuple("Path", "within tag")


def at_top(tag):
    return Path((), tag)


class Reader:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def left(self):
        return len(self.data) - self.at

    def take(self, size):
        if size > self.left():
            raise Refused("malformed", "ends within a value")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def text(self):
        return self.take(self.number(1))

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.number(1)
            if shift == 63 or (byte == 0 and shift > 0):
                raise Refused("malformed", "varint")
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def finish(self):
        if self.left():
            raise Refused("malformed", "bytes are left over")


def check_limit(number, limit, what):
    if number > limit:
        raise Refused("over_limit", what)
    return number


def read_path(r):
    depth = check_limit(r.number(1), MAX_PATH_DEPTH, "depth of a path")
    within = tuple((r.number(4), read_item_number(r)) for _ in range(depth))
    return Path(within, r.number(4))


def read_item_number(r):
    number = r.varint()
    if number > 0xFFFFFFFF:
        raise Refused("malformed", "item number")
    return number


def text(data):
    if len(data) > 255:
        raise ValueError("a text has at most 255 bytes")
    return u(1, len(data)) + data


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def write_path(path):
    steps = b"".join(u(4, sequence) + varint(item) for sequence, item in path.within)
    return u(1, len(path.within)) + steps + u(4, path.tag)
