"""Seals and opens one object: an envelope, the regions, who the object is, and its bound context.

A plain or sealed region is (envelope.Region, bytes). Keys are held by a keyholder, which has
    unwrap(stanza, envelope_id) -> DEK or None
    study_secret(id) -> 32 bytes or None
    trusts(public key of 32 bytes) -> bool
"""
import hashlib
import hmac
from collections import namedtuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import unit_codecs
import keys
from envelope import BOUND_FRAMES, CHUNK_SIZE, FRAGMENT, TAG_SIZE, UNIT_SIZE, VALUE, Body, body_parts, parse
from envelope import units_of, write_body, write_stanzas
from failures import Refused
from keys import u
from records import read_records, write_records

# What is random or comes from outside: bytes, and milliseconds since 1970.
Fresh = namedtuple("Fresh", "dek salt envelope_id time_ms")
Origin = namedtuple("Origin", "gateway scanner transfer_syntax")
# mode 2: both are 16 and 32 bytes; mode 1: both are empty
StudySecret = namedtuple("StudySecret", "id secret", defaults=(b"", b""))


def cut(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


# Units and the blob


def seal_unit(codec, object_keys, aad, number, unit):
    """The sealed unit and its tag."""
    inner = codec.encrypt(object_keys.codec, number, unit)
    sealed = AESGCM(object_keys.aead).encrypt(keys.nonce(number), inner, aad)
    return sealed[:-TAG_SIZE], sealed[-TAG_SIZE:]


def decrypt_verified(key, number, sealed, aad):
    try:
        return AESGCM(key).decrypt(keys.nonce(number), sealed, aad)
    except InvalidTag:
        raise Refused("bad_tag") from None


def open_unit(codec, object_keys, aad, number, unit, tag):
    return codec.decrypt(object_keys.codec, number, decrypt_verified(object_keys.aead, number, unit + tag, aad))


def chunk_aad(aad, number, last):
    return aad + u(4, number) + u(1, last)


def seal_blob(key, aad, blob):
    chunks = cut(blob, CHUNK_SIZE) or [b""]
    return b"".join(
        AESGCM(key).encrypt(keys.nonce(i), chunk, chunk_aad(aad, i, i == len(chunks) - 1))
        for i, chunk in enumerate(chunks)
    )


def open_blob(key, aad, sealed):
    chunks = cut(sealed, CHUNK_SIZE + TAG_SIZE)
    return b"".join(
        decrypt_verified(key, i, chunk, chunk_aad(aad, i, i == len(chunks) - 1)) for i, chunk in enumerate(chunks)
    )


# Sealing


def public_bytes(signing_key):
    return signing_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def seal(regions, identity, bound, records, origin, fresh, codec, signing_key, make_stanzas, secret=StudySecret()):
    """The envelope, and the sealed bytes of each region. `records`: the recorded context and the changes.
    `make_stanzas(dek, envelope_id)` wraps the DEK."""
    mode = 2 if secret.id else 1
    object_keys = keys.derive(fresh.dek, secret.secret, fresh.salt, mode, codec)
    aad = keys.unit_aad(mode, fresh.envelope_id, codec.id, codec.version, identity)
    sealed_regions, tags = [], []
    for _, data in regions:
        sealed = []
        for unit in cut(data, UNIT_SIZE):
            unit, tag = seal_unit(codec, object_keys, aad, len(tags), unit)
            sealed.append(unit)
            tags.append(tag)
        sealed_regions.append(b"".join(sealed))
    blob = write_records(*records)
    body = Body(
        mode=mode,
        envelope_id=fresh.envelope_id,
        study_secret_id=secret.id,
        codec_id=codec.id,
        codec_version=codec.version,
        salt=fresh.salt,
        commitment=object_keys.commit,
        signer=public_bytes(signing_key),
        tenant=identity.tenant,
        gateway=origin.gateway,
        scanner=origin.scanner,
        time_ms=fresh.time_ms,
        bound=bound,
        transfer_syntax=origin.transfer_syntax,
        regions=[region for region, _ in regions],
        tags=tags,
        blob_length=len(blob),
        sealed_blob=seal_blob(object_keys.attributes, aad, blob),
    )
    stanzas = write_stanzas(make_stanzas(fresh.dek, fresh.envelope_id))
    body_bytes = write_body(body_parts(body))
    return finish_envelope(body_bytes, stanzas, signing_key, object_keys.envelope), sealed_regions


def finish_envelope(body, stanzas, signing_key, mac_key):
    signature = signing_key.sign(hashlib.sha256(body).digest())
    return body + signature + stanzas + envelope_mac(mac_key, body, stanzas)


def envelope_mac(mac_key, body, stanzas):
    return hmac.digest(mac_key, body + stanzas, "sha256")


# Opening


class Opener:
    """Checks 1 to 11 when it is made. Then check_bound, then open_elements: 12, 13 and 14. `absent`: the paths of
    regions that did not come back and need not."""

    def __init__(self, envelope_bytes, keyholder, allowed_codecs, identity):
        self.envelope = parse(envelope_bytes)
        self.body = self.envelope.body
        self.codec = unit_codecs.KNOWN.get((self.body.codec_id, self.body.codec_version))
        if self.codec is None or self.codec.id not in allowed_codecs:
            raise Refused("codec_not_allowed", self.body.codec_id.decode())
        self.keys = self.derive_keys(keyholder)
        self.verify_envelope(keyholder)
        self.aad = keys.unit_aad(
            self.body.mode, self.body.envelope_id, self.codec.id, self.codec.version, identity
        )
        self.recorded, self.changes = read_records(open_blob(self.keys.attributes, self.aad, self.body.sealed_blob))

    def derive_keys(self, keyholder):
        body = self.body
        unwrapped = (keyholder.unwrap(stanza, body.envelope_id) for stanza in self.envelope.stanzas)
        dek = next((dek for dek in unwrapped if dek is not None), None)
        if dek is None:
            raise Refused("no_key")
        secret = keyholder.study_secret(body.study_secret_id) if body.mode == 2 else b""
        if secret is None:
            raise Refused("no_study_secret")
        return keys.derive(dek, secret, body.salt, body.mode, self.codec)

    def verify_envelope(self, keyholder):
        envelope = self.envelope
        if not hmac.compare_digest(self.keys.commit, self.body.commitment):
            raise Refused("bad_commitment")
        mac = envelope_mac(self.keys.envelope, envelope.body_bytes, envelope.stanza_bytes)
        if not hmac.compare_digest(mac, envelope.mac):
            raise Refused("bad_mac")
        try:
            signer = Ed25519PublicKey.from_public_bytes(self.body.signer)
            signer.verify(envelope.signature, hashlib.sha256(envelope.body_bytes).digest())
        except (InvalidSignature, ValueError):
            raise Refused("bad_signature") from None
        if not keyholder.trusts(self.body.signer):
            raise Refused("unknown_signer")

    def check_bound(self, returned):
        """`returned`: the bound context of the object as it is now."""
        if with_one_frame(returned) != with_one_frame(self.body.bound):
            raise Refused("bad_context")

    def open_elements(self, returned):
        """`returned`: (path, whether it is in fragments, values) of every element with regions or with pixels, as the
        object is now; the values are that of a plain one, or the fragments as an archive may have cut them anew.
        Gives the opened values of each."""
        regions = self.numbered_regions()
        missing = {path for path, numbered in regions.items() if any(region.length for _, region in numbered)}
        opened = []
        for path, in_fragments, values in returned:
            numbered = regions.pop(path, [])
            if path in missing and not any(values) and not is_required(numbered):
                opened.append(values)
                continue
            opened.append(self.open_element(numbered, in_fragments, values))
            missing.discard(path)
        if any(is_required(regions.get(path, [])) for path in missing):
            raise Refused("bad_count", "a region is missing")
        self.absent = sorted(missing)
        return opened

    def open_element(self, regions, in_fragments, values):
        if not regions:
            if any(values):
                raise Refused("bad_count", "a region too many")
            return values
        if in_fragments != (regions[0][1].kind == FRAGMENT):
            raise Refused("bad_context", "native or encapsulated")
        contents, is_whole = without_padding([region.length for _, region in regions], values)
        sealed = b"".join(contents)
        plain, left = b"", sealed
        for first_unit, region in regions:
            for number, at in enumerate(range(0, region.length, UNIT_SIZE), first_unit):
                unit, left = take(left, min(UNIT_SIZE, region.length - at))
                plain += open_unit(self.codec, self.keys, self.aad, number, unit, self.body.tags[number])
        if not is_whole:
            raise Refused("bad_count", "more bytes than were sealed")
        return with_padding(plain, contents, values)

    def numbered_regions(self):
        """{path: its regions, each with the number of its first unit}"""
        numbered, units = {}, 0
        for region in self.body.regions:
            numbered.setdefault(region.path, []).append((units, region))
            units += units_of(region.length)
        return numbered


def is_required(numbered):
    """Of the regions of one element: pixel data at the top level, which archives do not drop."""
    return any(not region.path.within and region.kind != VALUE for _, region in numbered)


def take(data, size):
    if len(data) < size:
        raise Refused("bad_count", "a unit is missing or incomplete")
    return data[:size], data[size:]


def without_padding(lengths, values):
    """The values without a byte of padding that follows a region of odd length at the end of a value, and whether
    all the rest belongs to a region."""
    contents, region, left = [], 0, lengths[0]
    for value in values:
        at = 0
        while at < len(value):
            if left == 0 and at and len(value) - at == 1 and lengths[region] % 2:
                break
            while left == 0:
                region += 1
                if region == len(lengths):
                    return contents + [value[:at]], False
                left = lengths[region]
            taken = min(left, len(value) - at)
            at, left = at + taken, left - taken
        contents.append(value[:at])
    return contents, True


def with_padding(plain, contents, values):
    opened, at = [], 0
    for content, value in zip(contents, values):
        opened.append(plain[at : at + len(content)] + value[len(content) :])
        at += len(content)
    return opened


def with_one_frame(bound):
    return {BOUND_FRAMES: 1, **bound}
