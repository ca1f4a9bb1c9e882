"""One object that must be refused, and what changes objects for it."""
import keys
import objects
from envelope import BOUND_SYNTAX, NATIVE
from keys import u
from sample import Sample


def flip(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]


class Case:
    """One refusal. `change` replaces fields of the opener's JSON; bytes become hexadecimal."""

    def __init__(self, failure, name, sample=None, regions=None, **change):
        self.failure, self.name = failure, name
        self.sample = sample or Sample("refused")
        self.regions = self.sample.returned_regions() if regions is None else regions
        self.change = {key: value.hex() if isinstance(value, bytes) else value for key, value in change.items()}

    def as_json(self):
        value = {**self.sample.opener(), **self.change, "name": self.name, "failure": self.failure}
        if "envelope_recipe" in value:
            del value["envelope"]
        return {**value, "regions": self.regions}


def no_units():
    return Sample("refused, no units", regions=[(0x7FE00010, NATIVE, 0, 0)], bound={BOUND_SYNTAX: b""})


def sample_aad(sample):
    return keys.unit_aad(1, sample.envelope_id, sample.codec.id, sample.codec.version, sample.identity)


def with_blob(sample, blob, declared=None):
    sealed = objects.seal_blob(sample.keys.attributes, sample_aad(sample), blob)
    return sample.with_parts(blob_length=u(4, len(blob) if declared is None else declared), sealed_blob=sealed)
