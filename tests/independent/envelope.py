"""The envelope: bytes to fields with every limit, and fields to bytes. No key is needed here."""
import re
from collections import namedtuple
from dataclasses import dataclass, field as member

from failures import Refused
from keys import FORMAT_VERSION, u
from wire import Reader, check_limit, read_path, text, varint, write_path

MAGIC = b"PORTCULL"
UNIT_SIZE = 262144
CHUNK_SIZE = 1048576
TAG_SIZE = 16

MAX_ENVELOPE = 268435456
MAX_UNITS = 1 << 32
MAX_REGIONS = 1 << 24
MAX_REGION_LENGTH = 1 << 40
MAX_STANZAS = 8
MAX_BLOB = 67108864
MAX_CODEC_ID = 32

MODE_KEY, MODE_KEY_REGISTRY = 1, 2
NATIVE, FRAGMENT, VALUE = 1, 2, 3
KEK, RECOVERY = 1, 2
STANZA_LENGTHS = {KEK: range(56, 57), RECOVERY: range(32 + 384, 32 + 1024 + 1, 2)}

# In the order of their bits.
BOUND_NUMBERS = (
    "rows",
    "columns",
    "samples_per_pixel",
    "bits_allocated",
    "bits_stored",
    "high_bit",
    "pixel_representation",
)
BOUND_TEXT = "photometric_interpretation"
BOUND_FRAMES = "number_of_frames"
BOUND_SYNTAX = "encapsulated_transfer_syntax"

Region = namedtuple("Region", "path kind order length")
# kek: `name` is the id of the KEK; recovery: the hash of the public key.
Stanza = namedtuple("Stanza", "type name wrapped")


@dataclass
class Body:
    """Texts are bytes. `bound`: every value that is not absent, by name, and the transfer syntax always."""

    mode: int
    envelope_id: bytes
    study_secret_id: bytes
    codec_id: bytes
    codec_version: int
    salt: bytes
    commitment: bytes
    signer: bytes
    tenant: bytes
    gateway: bytes
    scanner: bytes
    time_ms: int
    bound: dict
    transfer_syntax: bytes
    regions: list
    tags: list = member(default_factory=list)
    blob_length: int = 0
    sealed_blob: bytes = b""


@dataclass
class Envelope:
    body: Body
    body_bytes: bytes
    signature: bytes
    stanzas: list
    stanza_bytes: bytes
    mac: bytes


def units_of(length):
    return -(-length // UNIT_SIZE)


def chunks_of(length):
    return max(1, -(-length // CHUNK_SIZE))


# Reading


def parse(data):
    check_limit(len(data), MAX_ENVELOPE, "envelope")
    head = Reader(data)
    if head.take(8) != MAGIC:
        raise Refused("malformed", "magic")
    if head.number(2) != FORMAT_VERSION:
        raise Refused("unknown_version", "envelope")
    length = head.number(4)
    if length % 2 or not head.at <= length <= len(data):
        raise Refused("malformed", "length of the body")
    body = read_body(Reader(data[:length], head.at))
    rest = Reader(data, length)
    signature = rest.take(64)
    stanzas_at = rest.at
    stanzas = read_stanzas(rest)
    stanza_bytes = data[stanzas_at : rest.at]
    mac = rest.take(32)
    rest.finish()
    return Envelope(body, data[:length], signature, stanzas, stanza_bytes, mac)


def read_body(r):
    mode = r.number(1)
    if mode not in (MODE_KEY, MODE_KEY_REGISTRY):
        raise Refused("unsupported_mode", str(mode))
    body = Body(
        mode=mode,
        envelope_id=r.take(16),
        study_secret_id=r.take(16) if mode == MODE_KEY_REGISTRY else b"",
        codec_id=read_codec_id(r),
        codec_version=r.number(2),
        salt=r.take(32),
        commitment=r.take(32),
        signer=r.take(32),
        tenant=r.text(),
        gateway=r.text(),
        scanner=r.text(),
        time_ms=r.number(8),
        bound=read_bound(r),
        transfer_syntax=r.text(),
        regions=read_regions(r),
    )
    tags = r.take(TAG_SIZE * sum(units_of(region.length) for region in body.regions))
    body.tags = [tags[at : at + TAG_SIZE] for at in range(0, len(tags), TAG_SIZE)]
    body.blob_length = check_limit(r.number(4), MAX_BLOB, "blob")
    body.sealed_blob = r.take(body.blob_length + TAG_SIZE * chunks_of(body.blob_length))
    if r.at % 2 and r.take(1) != b"\0":
        raise Refused("malformed", "pad")
    r.finish()
    return body


def read_codec_id(r):
    codec_id = r.take(check_limit(r.number(1), MAX_CODEC_ID, "codec id"))
    if not re.fullmatch(rb"[a-z0-9-]+", codec_id):
        raise Refused("malformed", "codec id")
    return codec_id


def read_bound(r):
    present = r.number(2)
    if present >> 9:
        raise Refused("malformed", "bits of the bound context")
    bound = {name: r.number(2) for bit, name in enumerate(BOUND_NUMBERS) if present >> bit & 1}
    if present >> 7 & 1:
        bound[BOUND_TEXT] = r.text()
    if present >> 8 & 1:
        bound[BOUND_FRAMES] = int.from_bytes(r.take(8), "big", signed=True)
    bound[BOUND_SYNTAX] = r.text()
    return bound


def read_regions(r):
    regions, units = [], 0
    for _ in range(r.number(4)):
        path, kind, first, count = read_path(r), r.number(1), r.number(4), r.number(4)
        if kind not in (NATIVE, FRAGMENT, VALUE) or count == 0 or first + count - 1 > 0xFFFFFFFF:
            raise Refused("malformed", "run")
        check_limit(len(regions) + count, MAX_REGIONS, "regions")
        for order in range(first, first + count):
            length = check_limit(r.varint(), MAX_REGION_LENGTH, "length of a region")
            units = check_limit(units + units_of(length), MAX_UNITS, "units")
            regions.append(Region(path, kind, order, length))
    return regions


def read_stanzas(r):
    count = check_limit(r.number(2), MAX_STANZAS, "stanzas")
    if count == 0:
        raise Refused("malformed", "no stanza")
    stanzas = []
    for _ in range(count):
        kind, length = r.number(2), r.number(2)
        if length not in STANZA_LENGTHS.get(kind, ()):
            raise Refused("malformed", "stanza")
        value = r.take(length)
        name_length = 16 if kind == KEK else 32
        stanzas.append(Stanza(kind, value[:name_length], value[name_length:]))
    return stanzas


# Writing


def body_parts(body):
    """What stands between the length and the pad, by name."""
    return {
        "mode": u(1, body.mode),
        "envelope_id": body.envelope_id,
        "study_secret_id": body.study_secret_id,
        "codec_id": text(body.codec_id),
        "codec_version": u(2, body.codec_version),
        "salt": body.salt,
        "commitment": body.commitment,
        "signer": body.signer,
        "tenant": text(body.tenant),
        "gateway": text(body.gateway),
        "scanner": text(body.scanner),
        "time_ms": u(8, body.time_ms),
        "bound": write_bound(body.bound),
        "transfer_syntax": text(body.transfer_syntax),
        "regions": write_regions(body.regions),
        "tags": b"".join(body.tags),
        "blob_length": u(4, body.blob_length),
        "sealed_blob": body.sealed_blob,
    }


def write_body(parts):
    rest = b"".join(parts.values())
    rest += bytes(len(rest) % 2)  # what stands before it has 14 bytes
    return MAGIC + u(2, FORMAT_VERSION) + u(4, 14 + len(rest)) + rest


def write_bound(bound):
    present, values = 0, b""
    for bit, name in enumerate(BOUND_NUMBERS + (BOUND_TEXT, BOUND_FRAMES)):
        if name not in bound:
            continue
        present |= 1 << bit
        if name == BOUND_TEXT:
            values += text(bound[name])
        elif name == BOUND_FRAMES:
            values += bound[name].to_bytes(8, "big", signed=True)
        else:
            values += u(2, bound[name])
    return u(2, present) + values + text(bound[BOUND_SYNTAX])


def write_regions(regions):
    runs = []
    for region in regions:
        last = runs[-1][-1] if runs else None
        if last and (last.path, last.kind, last.order + 1) == (region.path, region.kind, region.order):
            runs[-1].append(region)
        else:
            runs.append([region])
    out = u(4, len(runs))
    for run in runs:
        out += write_path(run[0].path) + u(1, run[0].kind) + u(4, run[0].order) + u(4, len(run))
        out += b"".join(varint(region.length) for region in run)
    return out


def write_stanzas(stanzas):
    out = u(2, len(stanzas))
    for stanza in stanzas:
        value = stanza.name + stanza.wrapped
        out += u(2, stanza.type) + u(2, len(value)) + value
    return out
