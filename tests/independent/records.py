"""The records of the sealed blob: the recorded context, and what sealing changed besides the regions."""
import re
from collections import namedtuple

import keys
from failures import Refused
from keys import u
from wire import Reader, check_limit, read_path, write_path

MAX_RECORDED = 1024
MAX_CHANGES = 65536
RECORD_VALUE, TAKEN_OUT, REPLACED, ADDED = 1, 2, 3, 4

# Values are in Little Endian. `vr` and `undefined_length` are of what was taken out; `original` is empty for what was
# added, `sealed`, the value in the sealed object, for what was taken out.
Change = namedtuple("Change", "type path vr undefined_length original sealed", defaults=(b"", False, b"", b""))


def write_records(recorded, changes=()):
    """`recorded`: {tag: value}."""
    values = [u(1, RECORD_VALUE) + u(4, tag) + keys.field(value) for tag, value in sorted(recorded.items())]
    return b"".join(values + [write_change(change) for change in changes])


def write_change(change):
    out = u(1, change.type) + write_path(change.path)
    if change.type == TAKEN_OUT:
        return out + change.vr + u(1, change.undefined_length) + keys.field(change.original)
    if change.type == REPLACED:
        out += keys.field(change.original)
    return out + keys.field(change.sealed)


def read_records(blob):
    """{tag: value}, [Change]"""
    r, recorded, changes, count = Reader(blob), {}, {}, 0
    while r.left():
        kind = r.number(1)
        if kind == RECORD_VALUE:
            count = check_limit(count + 1, MAX_RECORDED, "recorded context")
            tag = r.number(4)
            recorded[tag] = r.take(r.number(4))
            continue
        if kind not in (TAKEN_OUT, REPLACED, ADDED):
            raise Refused("unknown_version", "record of the blob")
        check_limit(len(changes) + 1, MAX_CHANGES, "changes")
        change = read_change(r, kind)
        if change.path in changes:
            raise Refused("malformed", "two changes of one path")
        changes[change.path] = change
    return recorded, list(changes.values())


def read_change(r, kind):
    path, vr, undefined_length, original, sealed = read_path(r), b"", False, b"", b""
    if kind == TAKEN_OUT:
        vr, flag = r.take(2), r.number(1)
        if not re.fullmatch(rb"[A-Z]{2}", vr) or flag > 1 or (flag and vr not in (b"SQ", b"UN")):
            raise Refused("malformed", "VR or length of what was taken out")
        undefined_length = flag == 1
    if kind != ADDED:
        original = r.take(r.number(4))
    if kind != TAKEN_OUT:
        sealed = r.take(r.number(4))
    if path.within and (kind != REPLACED or len(original) != len(sealed)):
        raise Refused("malformed", "a nested value changed its length")
    return Change(kind, path, vr, undefined_length, original, sealed)
