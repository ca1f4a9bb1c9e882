"""Objects for the vectors: every key and id is SHA-256 of a name, every plaintext a pattern."""
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

import keys
import objects
from envelope import BOUND_FRAMES, BOUND_NUMBERS, BOUND_SYNTAX, BOUND_TEXT, FRAGMENT, KEK, RECOVERY, Region, Stanza
from envelope import body_parts, parse, write_body, write_stanzas
from unit_codecs import RABBIT_SIV
from wire import at_top

SHORT = 1024  # what is longer is given by length, pattern and SHA-256
IDENTITY = keys.Identity(b"st-elsewhere", b"1.2.840.10008.5.1.4.1.1.2", b"1.2.3.4.5")
RECOVERY_KEY = load_pem_private_key(
    (Path(__file__).parent.parent / "vectors/codec/recovery-test-key.pem").read_bytes(), None
)
DEFAULT_BOUND = {
    "rows": 512,
    "columns": 256,
    "samples_per_pixel": 3,
    "bits_allocated": 16,
    "bits_stored": 12,
    "high_bit": 11,
    "pixel_representation": 1,
    "photometric_interpretation": b"RGB",
    "number_of_frames": 2,
    "encapsulated_transfer_syntax": b"1.2.840.10008.1.2.4.90",
}
DEFAULT_RECORDED = {0x00100020: b"PAT-1", 0x0020000D: b"1.2.3.4", 0x00281053: b"1"}


def named(name, length=32):
    out = b"".join(hashlib.sha256(f"{name}/{i}".encode()).digest() for i in range(-(-length // 32)))
    return out[:length]


def pattern(length, number):
    """Byte j is (31 * j + floor(j / 256) + 7 * number) mod 256."""
    return bytes((31 * j + j // 256 + 7 * number) & 255 for j in range(length))


def region_at(place, kind, order, length):
    return Region(at_top(place) if isinstance(place, int) else place, kind, order, length)


def bound_as_json(bound):
    """null is absent; the transfer syntax is always there."""
    values = {name: bound.get(name) for name in BOUND_NUMBERS + (BOUND_FRAMES,)}
    for name in (BOUND_TEXT, BOUND_SYNTAX):
        values[name] = bound[name].decode() if name in bound else None
    return values


def path_as_json(path):
    return {"within": [list(step) for step in path.within], "tag": path.tag}


def region_as_json(region):
    rest = region._asdict()
    return {**path_as_json(rest.pop("path")), **rest}


def records_as_json(recorded, changes):
    return {
        "recorded": [{"tag": tag, "value": value.decode()} for tag, value in sorted(recorded.items())],
        "changes": [change_as_json(change) for change in changes],
    }


def change_as_json(change):
    values = {"original": change.original.hex(), "sealed": change.sealed.hex()}
    flags = {"vr": change.vr.decode(), "undefined_length": change.undefined_length}
    return {"type": change.type, **path_as_json(change.path), **flags, **values}


class Sample:
    """A sealed object, and what its opener has. `stanzas` and `have`: names out of kek, second kek, recovery.
    `regions`: (tag or Path, kind, order, length)."""

    def __init__(self, name, codec=RABBIT_SIV, mode=1, lengths=(40, 40, 33), regions=None, bound=None, returned=None,
                 recorded=None, changes=(), stanzas=("kek",), have=("kek",), identity=IDENTITY, tenant_tail=b"",
                 transfer_syntax=b"1.2.840.10008.1.2.4.90"):
        self.name, self.codec, self.have = name, codec, have
        self.identity = identity._replace(tenant=identity.tenant + tenant_tail)
        self.dek, self.salt = named(name + " dek"), named(name + " salt")
        self.envelope_id = named(name + " envelope id", 16)
        self.signing_seed = named("signing seed")
        self.signing_key = Ed25519PrivateKey.from_private_bytes(self.signing_seed)
        self.keks = {kek: (named(kek + " id", 16), named(kek)) for kek in ("kek", "second kek")}
        secret = (named("study secret id", 16), named("study secret")) if mode == 2 else (b"", b"")
        self.secret = objects.StudySecret(*secret)
        places = regions or [(0x7FE00010, FRAGMENT, order, length) for order, length in enumerate(lengths)]
        self.regions = [(region_at(*place), pattern(place[3], i)) for i, place in enumerate(places)]
        self.bound = DEFAULT_BOUND if bound is None else bound
        self.returned = self.bound if returned is None else returned
        self.records = DEFAULT_RECORDED if recorded is None else recorded, list(changes)
        self.origin = objects.Origin(b"gate-1", b"CT1", transfer_syntax)
        self.fresh = objects.Fresh(self.dek, self.salt, self.envelope_id, 1700000000123)
        self.stanzas = [self.stanza(which) for which in stanzas]
        self.keys = keys.derive(self.dek, self.secret.secret, self.salt, mode, codec)
        self.envelope, self.sealed = objects.seal(
            self.regions, self.identity, self.bound, self.records, self.origin, self.fresh, codec, self.signing_key,
            lambda _dek, _id: self.stanzas, self.secret,
        )

    def stanza(self, which, dek=None):
        dek = dek or self.dek
        if which == "recovery":
            public, seed = RECOVERY_KEY.public_key(), named(self.name + " oaep seed")
            wrapped = keys.wrap_for_recovery(public, self.envelope_id, dek, seed)
            return Stanza(RECOVERY, keys.public_key_hash(public), wrapped)
        kek_id, kek = self.keks[which]
        return Stanza(KEK, kek_id, keys.wrap_by_kek(kek, dek))

    def with_parts(self, **parts):
        """The envelope with other parts of its body (bytes), signed and authenticated anew."""
        return self.with_body(write_body({**body_parts(parse(self.envelope).body), **parts}))

    def with_body(self, body, stanza_bytes=None, signing_key=None, mac_key=None):
        return objects.finish_envelope(
            body, stanza_bytes or write_stanzas(self.stanzas), signing_key or self.signing_key,
            mac_key or self.keys.envelope,
        )

    def opener(self):
        """What whoever opens it has and gets, as JSON."""
        keks = [{"id": i.hex(), "key": k.hex()} for which, (i, k) in self.keks.items() if which in self.have]
        secrets = [{"id": self.secret.id.hex(), "secret": self.secret.secret.hex()}] if self.secret.id else []
        return {
            "name": self.name,
            "tenant": self.identity.tenant.decode(),
            "sop_class_uid": self.identity.sop_class_uid.decode(),
            "sop_instance_uid": self.identity.sop_instance_uid.decode(),
            "allowed_codecs": [self.codec.id.decode()],
            "keks": keks,
            "has_recovery_key": "recovery" in self.have,
            "study_secrets": secrets,
            "trusted_signers": [objects.public_bytes(self.signing_key).hex()],
            "returned": bound_as_json(self.returned),
            "envelope": self.envelope.hex(),
        }

    def returned_regions(self):
        return [
            {**path_as_json(region.path), "kind": region.kind, "order": region.order, "sealed": sealed.hex()}
            for (region, _), sealed in zip(self.regions, self.sealed)
        ]

    def as_json(self):
        """Everything to open it, and everything to make it again."""
        return {
            **self.opener(),
            "mode": 2 if self.secret.id else 1,
            "codec_id": self.codec.id.decode(),
            "dek": self.dek.hex(),
            "salt": self.salt.hex(),
            "envelope_id": self.envelope_id.hex(),
            "signing_seed": self.signing_seed.hex(),
            "gateway": self.origin.gateway.decode(),
            "scanner": self.origin.scanner.decode(),
            "time_ms": self.fresh.time_ms,
            "transfer_syntax": self.origin.transfer_syntax.decode(),
            "bound": bound_as_json(self.bound),
            **records_as_json(*self.records),
            "regions": [self.region_as_json(i) for i in range(len(self.regions))],
        }

    def region_as_json(self, index):
        (region, _), sealed = self.regions[index], self.sealed[index]
        whole = {"sealed": sealed.hex()} if len(sealed) <= SHORT else {}
        digest = hashlib.sha256(sealed).hexdigest()
        return {**region_as_json(region), "plain_pattern": index, **whole, "sealed_sha256": digest}
