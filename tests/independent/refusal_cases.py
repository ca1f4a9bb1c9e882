"""Objects that must be refused, each for one reason only: whatever else could be checked is in order."""
import itertools

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import keys
import objects
from envelope import BOUND_SYNTAX, BOUND_TEXT, FRAGMENT, KEK, NATIVE, VALUE, Stanza
from envelope import body_parts, parse, write_body, write_stanzas
from keys import u
from malformed_cases import malformed, over_limit
from refusal import Case, flip, no_units, sample_aad, with_blob
from sample import DEFAULT_BOUND, RECOVERY_KEY, Sample, bound_as_json, named
from unit_codecs import NONE
from wire import Path, text


def bad_tag():
    sample, other = Sample("refused"), Sample("another object")
    regions = sample.returned_regions()

    def with_sealed(*values):
        return [{**region, "sealed": value} for region, value in itertools.zip_longest(regions, values)]

    sealed = [region["sealed"] for region in regions]
    for index, data in enumerate(sample.sealed):
        for at in (0, len(data) - 1):
            damaged = sealed[:index] + [flip(data, at).hex()] + sealed[index + 1 :]
            yield Case("bad_tag", f"one bit of byte {at} of region {index}", regions=with_sealed(*damaged))
    yield Case("bad_tag", "two units changed places", regions=with_sealed(sealed[1], sealed[0], sealed[2]))
    yield Case("bad_tag", "the first unit repeated", regions=with_sealed(sealed[0], sealed[0], sealed[2]))
    yield Case("bad_tag", "a unit of another object", regions=with_sealed(sealed[0], other.sealed[1].hex(), sealed[2]))
    yield Case("bad_tag", "a region cut short", regions=with_sealed(sealed[0], sealed[1][:-2], sealed[2]))
    yield Case("bad_tag", "another SOP Instance UID", sop_instance_uid="1.2.3.4.6")
    yield Case("bad_tag", "another SOP Class UID", sop_class_uid="1.2.840.10008.5.1.4.1.1.4")
    yield Case("bad_tag", "UIDs of another split", sop_class_uid="1.2.840.10008.5.1.4.1.1.21",
               sop_instance_uid=".2.3.4.5")
    yield Case("bad_tag", "another tenant", tenant="st-elsewhere-2")
    yield Case("bad_tag", "the tenant of the body, but not of the opener", tenant="")
    body = parse(sample.envelope).body
    yield Case("bad_tag", "a tag of a unit, signed", envelope=sample.with_parts(tags=flip(b"".join(body.tags), 16)))
    yield Case("bad_tag", "the tags of two units changed places, signed",
               envelope=sample.with_parts(tags=body.tags[1] + body.tags[0] + body.tags[2]))
    for at, what in ((0, "first byte"), (len(body.sealed_blob) - 1, "tag")):
        yield Case("bad_tag", f"the {what} of the blob, signed",
                   envelope=sample.with_parts(sealed_blob=flip(body.sealed_blob, at)))
    aad = sample_aad(sample)
    blob = objects.write_records(*sample.records)
    key = sample.keys.attributes
    not_last = objects.AESGCM(key).encrypt(keys.nonce(0), blob, aad + u(4, 0) + u(1, 0))
    yield Case("bad_tag", "the last chunk of the blob not marked as the last",
               envelope=sample.with_parts(sealed_blob=not_last))
    yield Case("bad_tag", "a blob of an object with another identity, no units", no_units(),
               sop_instance_uid="1.2.3.4.6")


def bad_commitment():
    sample = Sample("refused")
    body = parse(sample.envelope).body
    yield Case("bad_commitment", "one bit of the commitment",
               envelope=sample.with_parts(commitment=flip(body.commitment, 31)))
    yield Case("bad_commitment", "one bit of the salt", envelope=sample.with_parts(salt=flip(body.salt, 0)))
    other = write_stanzas([sample.stanza("kek", named("another dek"))])
    yield Case("bad_commitment", "the stanza wraps another DEK",
               envelope=sample.with_body(parse(sample.envelope).body_bytes, other))
    first_wrong = write_stanzas([sample.stanza("kek", named("another dek")), sample.stanza("second kek")])
    both = Sample("refused", have=("kek", "second kek"))
    yield Case("bad_commitment", "the first stanza that unwraps wraps another DEK, the second the right one", both,
               envelope=sample.with_body(parse(sample.envelope).body_bytes, first_wrong))
    registry = Sample("refused, mode 2", mode=2)
    wrong = [{"id": registry.secret.id.hex(), "secret": named("another secret").hex()}]
    yield Case("bad_commitment", "another study secret under the same id", registry, study_secrets=wrong)
    as_mode_1 = registry.with_parts(mode=u(1, 1), study_secret_id=b"")
    yield Case("bad_commitment", "mode 2 made mode 1", registry, envelope=as_mode_1)
    yield Case("bad_commitment", "another codec", Sample("refused"), allowed_codecs=["none", "rabbit-siv"],
               envelope=sample.with_parts(codec_id=text(b"none")))


def bad_mac():
    sample = Sample("refused", stanzas=("kek", "second kek"))
    data, body_length = sample.envelope, len(parse(sample.envelope).body_bytes)
    stanzas = body_length + 64
    yield Case("bad_mac", "one bit of the MAC", sample, envelope=flip(data, len(data) - 1))
    yield Case("bad_mac", "the id of a stanza that is not used", sample, envelope=flip(data, len(data) - 32 - 40 - 1))
    yield Case("bad_mac", "the wrapped DEK of a stanza that is not used", sample, envelope=flip(data, len(data) - 33))
    swapped = write_stanzas([sample.stanza("second kek"), sample.stanza("kek")])
    yield Case("bad_mac", "two stanzas changed places", sample, envelope=data[:stanzas] + swapped + data[-32:])
    fewer = write_stanzas([sample.stanza("kek")])
    yield Case("bad_mac", "a stanza taken away", sample, envelope=data[:stanzas] + fewer + data[-32:])
    more = write_stanzas([*sample.stanzas, sample.stanza("recovery")])
    yield Case("bad_mac", "a stanza added", sample, envelope=data[:stanzas] + more + data[-32:])
    parts = body_parts(parse(data).body)
    for name in ("envelope_id", "signer", "tenant", "gateway", "scanner", "time_ms", "bound", "transfer_syntax", "tags",
                 "sealed_blob"):
        body = write_body({**parts, name: flip(parts[name], len(parts[name]) - 1)})
        yield Case("bad_mac", f"one bit of the body: {name}", sample, envelope=body + data[body_length:])


def signatures():
    sample = Sample("refused")
    data = sample.envelope
    at = len(parse(data).body_bytes)
    yield Case("bad_signature", "one bit of the signature", envelope=flip(data, at))
    yield Case("bad_signature", "one bit of its second half", envelope=flip(data, at + 32))
    stranger = Ed25519PrivateKey.from_private_bytes(named("a stranger's signing seed"))
    body = parse(data).body_bytes
    yield Case("bad_signature", "signed by another key than the body says",
               envelope=sample.with_body(body, signing_key=stranger))
    parts = body_parts(parse(data).body)
    theirs = write_body({**parts, "gateway": text(b"gate-2")})
    forged = sample.with_body(theirs)
    yield Case("bad_signature", "the signature of another body",
               envelope=forged[: len(theirs)] + data[at : at + 64] + forged[len(theirs) + 64 :])
    unknown = sample.with_body(write_body({**parts, "signer": objects.public_bytes(stranger)}), signing_key=stranger)
    yield Case("unknown_signer", "a stranger's signing key", envelope=unknown)
    yield Case("unknown_signer", "nobody is trusted", trusted_signers=[])


def bad_context():
    others = {BOUND_TEXT: b"MONOCHROME2", BOUND_SYNTAX: b"1.2.840.10008.1.2.4.80"}
    for name, value in DEFAULT_BOUND.items():
        changed = {**DEFAULT_BOUND, name: others.get(name) or value + 1}
        yield Case("bad_context", f"another {name}", returned=bound_as_json(changed))
        if name == BOUND_SYNTAX:
            yield Case("bad_context", "native instead of encapsulated", returned=bound_as_json({**changed, name: b""}))
        else:
            absent = {key: value for key, value in DEFAULT_BOUND.items() if key != name}
            yield Case("bad_context", f"{name} is absent", returned=bound_as_json(absent))
            came_absent = Sample("refused, one absent", bound=absent)
            yield Case("bad_context", f"{name} was absent", came_absent, returned=bound_as_json(DEFAULT_BOUND))
    zero = Sample("refused, zero", bound={**DEFAULT_BOUND, "high_bit": 0})
    absent = {key: value for key, value in DEFAULT_BOUND.items() if key != "high_bit"}
    yield Case("bad_context", "0 is not absent", zero, returned=bound_as_json(absent))
    empty = no_units()
    yield Case("bad_context", "an object without units", empty, returned=bound_as_json({**empty.bound, "rows": 1}))


def versions_and_codecs():
    sample = Sample("refused")
    body = parse(sample.envelope).body_bytes
    for version in (0, 2, 0xFFFF):
        yield Case("unknown_version", f"envelope of version {version}",
                   envelope=sample.with_body(body[:8] + u(2, version) + body[10:]))
    yield Case("unknown_version", "envelope of version 2 that ends there", envelope=body[:8] + u(2, 2))
    for kind in (0, 5, 255):
        yield Case("unknown_version", f"record of type {kind} in the blob",
                   envelope=with_blob(sample, u(1, kind) + bytes(8)))
    known = objects.write_records(*sample.records)
    yield Case("unknown_version", "record of type 5 after known ones", envelope=with_blob(sample, known + b"\5"))
    for mode in (0, 3, 255):
        yield Case("unsupported_mode", f"mode {mode}", envelope=sample.with_parts(mode=u(1, mode)))
    yield Case("codec_not_allowed", "unknown codec", allowed_codecs=["rabbit-siv", "own-codec"],
               envelope=sample.with_parts(codec_id=text(b"own-codec")))
    yield Case("codec_not_allowed", "unknown version of a codec", envelope=sample.with_parts(codec_version=u(2, 2)))
    yield Case("codec_not_allowed", "known but not allowed", allowed_codecs=["none"])
    yield Case("codec_not_allowed", "codec none is not allowed of itself", Sample("refused, none", codec=NONE),
               allowed_codecs=["rabbit-siv"])
    yield Case("codec_not_allowed", "before any key is asked for", allowed_codecs=[], keks=[])


def missing_keys():
    sample = Sample("refused")
    body = parse(sample.envelope).body_bytes
    yield Case("no_key", "the keyring is empty", keks=[])
    yield Case("no_key", "another KEK", keks=[{"id": i.hex(), "key": k.hex()} for i, k in [sample.keks["second kek"]]])
    yield Case("no_key", "another KEK under the same id",
               keks=[{"id": sample.keks["kek"][0].hex(), "key": named("impostor").hex()}])
    yield Case("no_key", "recovery stanza without the recovery key", Sample("refused, recovery", stanzas=("recovery",)))
    short = Stanza(KEK, sample.stanzas[0].name, keys.wrap_by_kek(sample.keks["kek"][1], sample.dek[:31]))
    yield Case("no_key", "what unwraps has 31 bytes", envelope=sample.with_body(body, write_stanzas([short])))
    label = Sample("refused, recovery", stanzas=("recovery",), have=("recovery",))
    other = keys.wrap_for_recovery(RECOVERY_KEY.public_key(), named("another envelope", 16), label.dek, named("seed"))
    stanzas = write_stanzas([Stanza(2, label.stanzas[0].name, other)])
    yield Case("no_key", "recovery stanza with the label of another envelope", label,
               envelope=label.with_body(parse(label.envelope).body_bytes, stanzas))
    registry = Sample("refused, mode 2", mode=2)
    yield Case("no_study_secret", "no secret at all", registry, study_secrets=[])
    others = [{"id": named("another id", 16).hex(), "secret": registry.secret.secret.hex()}]
    yield Case("no_study_secret", "only under another id", registry, study_secrets=others)
    yield Case("no_key", "before the study secret is asked for", registry, keks=[], study_secrets=[])


def bad_count():
    sample = Sample("refused")
    regions = sample.returned_regions()
    yield Case("bad_count", "the last region is missing", regions=regions[:-1])
    yield Case("bad_count", "all regions are missing", regions=[])
    yield Case("bad_count", "a region too many", regions=regions + [{**regions[-1], "order": 3}])
    yield Case("bad_count", "the only unit of a region is missing",
               regions=regions[:-1] + [{**regions[-1], "sealed": ""}])
    longer = {**regions[-1], "sealed": regions[-1]["sealed"] + "0000"}
    yield Case("bad_count", "a region is two bytes longer than it was", regions=regions[:-1] + [longer])
    empty = no_units()
    filled = {**empty.returned_regions()[0], "sealed": "0000"}
    yield Case("bad_count", "an empty region is not empty", empty, regions=[filled])
    other = {**empty.returned_regions()[0], "tag": 0x7FE00009, "sealed": "0000"}
    yield Case("bad_count", "a region of another tag", empty, regions=[other])
    yield from bad_count_at_any_depth()


def bad_count_at_any_depth():
    icon = Path(((0x00880200, 0),), 0x7FE00010)
    places = [(icon, FRAGMENT, 0, 40), (icon, FRAGMENT, 1, 40), (0x60003000, VALUE, 0, 40), (0x7FE00010, NATIVE, 0, 40)]
    sample = Sample("refused, at any depth", regions=places)
    first, second, overlay, pixels = sample.returned_regions()
    yield Case("bad_count", "pixels at the top level are missing", sample, regions=[first, second, overlay])
    yield Case("bad_count", "a fragment of an icon is missing", sample, regions=[first, overlay, pixels])
    half = {**first, "sealed": first["sealed"][:20]}
    yield Case("bad_tag", "a fragment of an icon was cut", sample, regions=[half, second, overlay, pixels])
    elsewhere = {**overlay, "within": [[0x00880200, 0]]}
    yield Case("bad_count", "a value in another place", sample, regions=[first, second, elsewhere, pixels])


def make_refusals():
    groups = (bad_tag, bad_commitment, bad_mac, signatures, bad_context, versions_and_codecs, malformed, over_limit,
              missing_keys, bad_count)
    return {
        "about": "Made by tests/independent/make_vectors.py. Fields: README.md beside this file.",
        "refusals": [case.as_json() for group in groups for case in group()],
    }
