#!/usr/bin/python3
"""Makes tests/vectors/codec/vectors.json and refusals.json, always the same: make_vectors.py [FOLDER]

Nothing in them is random: keys and ids are SHA-256 of their names. See tests/vectors/codec/README.md for the fields.
"""
import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import keys
import objects
import rabbit_siv
import refusal_cases
from envelope import BOUND_SYNTAX, CHUNK_SIZE, FRAGMENT, NATIVE, UNIT_SIZE, VALUE, parse
from records import ADDED, REPLACED, TAKEN_OUT, Change, write_records
from sample import DEFAULT_RECORDED, IDENTITY, RECOVERY_KEY, SHORT, Sample, bound_as_json, named, pattern
from sample import records_as_json, region_as_json
from unit_codecs import NONE, RABBIT_SIV
from wire import Path as Place, at_top

FOLDER = Path(__file__).parent.parent / "vectors/codec"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def result(name, data):
    """Whole if it is short, and its SHA-256 always."""
    whole = {name: data.hex()} if len(data) <= SHORT else {}
    return {name + "_length": len(data), **whole, name + "_sha256": sha256(data)}


def plain(length, number=0):
    return {"plain_length": length, "plain_pattern": number}


def hkdf():
    for mode in (1, 2):
        for codec in (RABBIT_SIV, NONE):
            dek, salt = named("hkdf dek"), named("hkdf salt")
            secret = named("hkdf study secret") if mode == 2 else b""
            cut = keys.derive(dek, secret, salt, mode, codec)
            yield {
                "mode": mode,
                "dek": dek.hex(),
                "study_secret": secret.hex(),
                "salt": salt.hex(),
                "codec_id": codec.id.decode(),
                "codec_version": codec.version,
                "codec_key_length": codec.key_length,
                "info": keys.hkdf_info(mode, codec.id, codec.version).hex(),
                **{name: getattr(cut, name).hex() for name in cut._fields},
            }


def keystream():
    for key in (bytes(16), named("keystream", 16)):
        stream = rabbit_siv.keystream(key, 65536)
        yield {"key": key.hex(), "first_512": stream[:512].hex(), "sha256_of_65536": sha256(stream)}


def unit():
    for codec in (RABBIT_SIV, NONE):
        key = named("unit", codec.key_length)
        for length in (0, 1, 15, 16, 17, 40, 272, 1000, UNIT_SIZE):
            for number in (0, 7, 2**32 - 1):
                encrypted = codec.encrypt(key, number, pattern(length, 0))
                yield {"codec_id": codec.id.decode(), "codec_key": key.hex(), "number": number, **plain(length),
                       **result("encrypted", encrypted)}


def unit_aad():
    envelope_id = named("unit_aad", 16)
    nobody = keys.Identity(b"", b"", b"")
    for mode, codec, identity in ((1, RABBIT_SIV, IDENTITY), (2, NONE, IDENTITY), (1, RABBIT_SIV, nobody)):
        aad = keys.unit_aad(mode, envelope_id, codec.id, codec.version, identity)
        yield {"mode": mode, "envelope_id": envelope_id.hex(), "codec_id": codec.id.decode(),
               "codec_version": codec.version, **{n: getattr(identity, n).decode() for n in identity._fields},
               "aad": aad.hex()}


def aead_unit():
    aead, aad = named("aead_unit key"), named("aead_unit aad")
    for codec in (RABBIT_SIV, NONE):
        key = named("aead_unit codec key", codec.key_length)
        for number, length in ((0, 1), (1, 15), (2, 300), (16777215, 40), (2**32 - 1, UNIT_SIZE)):
            object_keys = keys.ObjectKeys(aead, b"", b"", b"", key)
            sealed, tag = objects.seal_unit(codec, object_keys, aad, number, pattern(length, 1))
            yield {"codec_id": codec.id.decode(), "codec_key": key.hex(), "aead": aead.hex(), "aad": aad.hex(),
                   "number": number, **plain(length, 1), **result("sealed", sealed), "tag": tag.hex()}


def blob():
    key, aad = named("blob key"), named("blob aad")
    for length in (0, 1, 200, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE + 100):
        sealed = objects.seal_blob(key, aad, pattern(length, 2))
        yield {"attributes": key.hex(), "aad": aad.hex(), **plain(length, 2), **result("sealed", sealed)}


CHANGES = [
    Change(TAKEN_OUT, at_top(0x00280106), b"US", False, b"\1\2"),
    Change(TAKEN_OUT, at_top(0x00091010), b"UN", True, b"\xfe\xff\xdd\xe0\0\0\0\0"),
    Change(TAKEN_OUT, at_top(0x00603000), b"SQ", False, b""),
    Change(REPLACED, at_top(0x00280101), original=b"\x0c\0", sealed=b"\x10\0"),
    Change(REPLACED, Place(((0x00880200, 0), (0x00082112, 300)), 0x00280107), original=b"\1\1", sealed=b"\0\0"),
    Change(ADDED, at_top(0x00204000), sealed=b"The pixels are sealed."),
]


def records():
    for recorded, changes in (({}, []), (DEFAULT_RECORDED, CHANGES), *(({}, [change]) for change in CHANGES)):
        yield {**records_as_json(recorded, changes), "blob": write_records(recorded, changes).hex()}


def kek_wrap():
    for number in range(2):
        kek, dek = named(f"kek_wrap kek {number}"), named(f"kek_wrap dek {number}")
        yield {"kek": kek.hex(), "dek": dek.hex(), "wrapped": keys.wrap_by_kek(kek, dek).hex()}


def recovery_wrap():
    public = RECOVERY_KEY.public_key()
    for number in range(2):
        envelope_id, dek = named(f"recovery id {number}", 16), named(f"recovery dek {number}")
        seed = named(f"recovery seed {number}")
        wrapped = keys.wrap_for_recovery(public, envelope_id, dek, seed)
        yield {"envelope_id": envelope_id.hex(), "dek": dek.hex(), "oaep_seed": seed.hex(), "wrapped": wrapped.hex()}


def signature_and_mac():
    sample = Sample("signature")
    envelope = parse(sample.envelope)
    body, stanzas = envelope.body_bytes, envelope.stanza_bytes
    signature = {"signing_seed": sample.signing_seed.hex(), "public_key": envelope.body.signer.hex(),
                 "body": body.hex(), "body_sha256": sha256(body), "signature": envelope.signature.hex()}
    mac = {"envelope_key": sample.keys.envelope.hex(), "body": body.hex(), "stanzas": stanzas.hex(),
           "mac": envelope.mac.hex()}
    return [signature], [mac]


def envelope_fields(sample):
    envelope = parse(sample.envelope)
    body = envelope.body
    return {
        "name": sample.name,
        "envelope": sample.envelope.hex(),
        "body_length": len(envelope.body_bytes),
        "mode": body.mode,
        "envelope_id": body.envelope_id.hex(),
        "study_secret_id": body.study_secret_id.hex(),
        "codec_id": body.codec_id.decode(),
        "codec_version": body.codec_version,
        "salt": body.salt.hex(),
        "commitment": body.commitment.hex(),
        "signer": body.signer.hex(),
        "tenant": body.tenant.decode(),
        "gateway": body.gateway.decode(),
        "scanner": body.scanner.decode(),
        "time_ms": body.time_ms,
        "bound": bound_as_json(body.bound),
        "transfer_syntax": body.transfer_syntax.decode(),
        "regions": [region_as_json(region) for region in body.regions],
        "tags": [tag.hex() for tag in body.tags],
        "blob_length": body.blob_length,
        "sealed_blob": body.sealed_blob.hex(),
        "signature": envelope.signature.hex(),
        "stanzas": [{"type": s.type, "name": s.name.hex(), "wrapped": s.wrapped.hex()} for s in envelope.stanzas],
        "mac": envelope.mac.hex(),
    }


def samples():
    jpeg = {BOUND_SYNTAX: b"1.2.840.10008.1.2.4.90"}
    monochrome = {"rows": 10, "columns": 30, "samples_per_pixel": 1, "bits_allocated": 8, "bits_stored": 8,
                  "high_bit": 7, "pixel_representation": 0, "photometric_interpretation": b"MONOCHROME2"}
    native = {**monochrome, BOUND_SYNTAX: b""}
    yield Sample("native", regions=[(0x7FE00010, NATIVE, 0, 300)], bound=native, transfer_syntax=b"1.2.840.10008.1.2.1")
    yield Sample("codec none", codec=NONE, regions=[(0x7FE00010, NATIVE, 0, 300)], bound=native,
                 transfer_syntax=b"1.2.840.10008.1.2")
    yield Sample("encapsulated, one of the fragments empty", lengths=(300, 0, 14, 301),
                 bound={**monochrome, "number_of_frames": 3, **jpeg})
    yield Sample("no units at all", regions=[(0x7FE00010, NATIVE, 0, 0)], bound={BOUND_SYNTAX: b""}, recorded={},
                 transfer_syntax=b"1.2.840.10008.1.2.1")
    yield Sample("two regions of more than one unit", regions=[(0x7FE00008, NATIVE, 0, UNIT_SIZE + 40),
                 (0x7FE00009, NATIVE, 0, 2 * UNIT_SIZE + 1)], bound=native, transfer_syntax=b"1.2.840.10008.1.2.1")
    yield Sample("a region of exactly one unit", codec=NONE, regions=[(0x7FE00010, NATIVE, 0, UNIT_SIZE)],
                 bound=native, transfer_syntax=b"1.2.840.10008.1.2")
    yield Sample("mode 2", mode=2)
    yield Sample("mode 2, codec none, by recovery", mode=2, codec=NONE, stanzas=("recovery",), have=("recovery",))
    yield Sample("kek and recovery, opened by recovery", stanzas=("kek", "recovery"), have=("recovery",))
    yield Sample("kek and recovery, opened by the kek", stanzas=("kek", "recovery"), have=("kek",))
    yield Sample("two keks, opened by the second", stanzas=("kek", "second kek"), have=("second kek",))
    yield Sample("two keks, opened by the first", stanzas=("kek", "second kek"), have=("kek",))
    yield Sample("absent number of frames is 1", bound={**monochrome, **jpeg},
                 returned={**monochrome, "number_of_frames": 1, **jpeg})
    yield Sample("one frame is an absent number of frames", bound={**monochrome, "number_of_frames": 1, **jpeg},
                 returned={**monochrome, **jpeg})
    yield Sample("negative number of frames", bound={"number_of_frames": -2, **jpeg})
    yield Sample("identity is empty", identity=IDENTITY._replace(sop_class_uid=b"", sop_instance_uid=b""))
    yield Sample("orders that begin anew and end with the highest",
                 regions=[(0x7FE00010, FRAGMENT, 5, 20), (0x7FE00010, FRAGMENT, 0xFFFFFFFF, 20)])
    icon, deepest = ((0x00880200, 0),), ((0x00880200, 7),) * 31 + ((0x00091010, 0xFFFFFFFF),)
    places = [
        (Place(icon, 0x7FE00010), FRAGMENT, 0, 20), (Place(icon, 0x7FE00010), FRAGMENT, 1, 33),
        (Place(((0x00880200, 1),), 0x7FE00010), NATIVE, 0, 300), (Place(deepest, 0x7FE00010), NATIVE, 0, 16),
        (Place(((0x54000100, 0),), 0x54001010), VALUE, 0, 40), (0x60003000, VALUE, 0, 17), (0x7FE00010, NATIVE, 0, 50),
    ]  # fmt: skip
    yield Sample("regions at any depth", regions=places, bound=native, transfer_syntax=b"1.2.840.10008.1.2.1")
    yield Sample("regions of values alone", regions=[(0x60003000, VALUE, 0, 40), (0x60023000, VALUE, 0, 0)],
                 bound={BOUND_SYNTAX: b""}, transfer_syntax=b"1.2.840.10008.1.2")
    yield Sample("changes of every type", regions=[(0x7FE00010, NATIVE, 0, 300)], bound=native, changes=CHANGES,
                 transfer_syntax=b"1.2.840.10008.1.2.1")
    yield Sample("changes without regions", lengths=(), bound={BOUND_SYNTAX: b""}, recorded={}, changes=CHANGES[-1:],
                 transfer_syntax=b"1.2.840.10008.1.2.1")
    yield Sample("body of even length without a pad", tenant_tail=b"x")


def make_vectors():
    signature, mac = signature_and_mac()
    all_samples = list(samples())
    public = RECOVERY_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "about": "Made by tests/independent/make_vectors.py. Fields: README.md beside this file. All keys are test keys.",
        "recovery_public_key": public.hex(),
        "recovery_public_key_sha256": sha256(public),
        "hkdf": list(hkdf()),
        "keystream": list(keystream()),
        "unit": list(unit()),
        "unit_aad": list(unit_aad()),
        "aead_unit": list(aead_unit()),
        "blob": list(blob()),
        "records": list(records()),
        "kek_wrap": list(kek_wrap()),
        "recovery_wrap": list(recovery_wrap()),
        "signature": signature,
        "mac": mac,
        "envelope": [envelope_fields(sample) for sample in all_samples],
        "objects": [sample.as_json() for sample in all_samples],
    }


def write(folder):
    for name, value in (("vectors.json", make_vectors()), ("refusals.json", refusal_cases.make_refusals())):
        Path(folder, name).write_text(json.dumps(value, indent=1) + "\n")


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else FOLDER)
