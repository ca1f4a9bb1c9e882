"""What differs between two things that were said, and whether that is intended."""

import re
from collections import namedtuple
from pathlib import Path

from spoken import Element

INTENDED = Path(__file__).parent / "intended-differences.txt"
LINE = re.compile(r"(\S.*?): (\S.*), (changed|added|left out): \S.*")

Difference = namedtuple("Difference", "view field kind")


def read_intended():
    """A line for each: who sees it, the field, what became of it: why."""
    listed = []
    for number, line in enumerate(INTENDED.read_text().splitlines(), 1):
        if line and not line.startswith("#"):
            found = LINE.fullmatch(line)
            if not found:
                raise RuntimeError(f"{INTENDED.name}:{number}: cannot be read: {line}")
            listed.append(Difference(*found.groups()))
    if len(set(listed)) < len(listed):
        raise RuntimeError(f"{INTENDED.name} has a line twice")
    return set(listed)


def shown(value):
    text = str(value)
    return text if len(text) <= 160 else f"{text[:160]}... ({len(text)} characters)"


def compare(direct, other, name=""):
    """(field, what became of it, how) of two trees of parts as spoken.py makes them."""
    for key, value in direct.items():
        field = f"{name} {key[0]}".lstrip()
        if key not in other:
            yield field, "left out", shown(value)
        elif isinstance(value, dict) and isinstance(other[key], dict):
            yield from compare(value, other[key], field)
        elif isinstance(value, Element):
            if value.vr != other[key].vr:
                yield f"{name} VRs", "changed", f"{field} {value.vr} is {other[key].vr}"
            yield from compare({key: value.value}, {key: other[key].value}, name)
        elif value != other[key]:
            yield field, "changed", f"{shown(value)} is {shown(other[key])}"
    for key in other:
        if key not in direct:
            yield f"{name} {key[0]}".lstrip(), "added", shown(other[key])
    if [key for key in direct if key in other] != [key for key in other if key in direct]:
        yield f"{name} order".lstrip(), "changed", f"{shown(list(direct))} is {shown(list(other))}"


class Renamed:
    """UIDs that a node makes anew on each run, such as those of what a printer creates: what the messages of one
    recording have and those of the other have not gets the number of its place there."""

    UID = re.compile(rb"(?:[0-9]+\.){2,}[0-9]+")

    def __init__(self, direct, other):
        own, theirs = (list(dict.fromkeys(self._uids(parts))) for parts in (direct, other))
        self.names = {}
        for these, those in ((own, set(theirs)), (theirs, set(own))):
            made = [uid for uid in these if uid not in those]
            self.names.update({uid: b"made %d" % number for number, uid in enumerate(made)})

    def _uids(self, parts):
        if isinstance(parts, bytes):
            if len(parts) <= 66:
                yield from self.UID.findall(parts)
        elif isinstance(parts, dict):
            for key, part in parts.items():
                if not key[0].startswith("A-ASSOCIATE"):
                    yield from self._uids(part)
        elif isinstance(parts, (list, Element)):
            for part in parts:
                yield from self._uids(part)

    def __call__(self, parts):
        if isinstance(parts, bytes):
            if len(parts) > 66:
                return parts
            renamed = self.UID.sub(lambda found: self.names.get(found[0], found[0]), parts)
            return renamed if renamed == parts else renamed.rstrip(b"\0")
        if isinstance(parts, dict):
            return {key: self(part) for key, part in parts.items()}
        if isinstance(parts, Element):
            return Element(parts.vr, self(parts.value))
        if isinstance(parts, list):
            return [self(part) for part in parts]
        return parts
