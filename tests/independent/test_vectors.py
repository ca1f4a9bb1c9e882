#!/usr/bin/python3
"""The independent program against every vector, every refusal, and random damage."""
import hashlib
import json
import random
import tempfile
import unittest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

import keys
import make_vectors
import objects
import rabbit_siv
import records
from envelope import BOUND_FRAMES, BOUND_NUMBERS, BOUND_SYNTAX, BOUND_TEXT, FRAGMENT, KEK, RECOVERY
from envelope import Region, parse
from failures import NAMES, Refused
from sample import RECOVERY_KEY, bound_as_json, pattern, records_as_json, region_as_json
from unit_codecs import KNOWN
from wire import Path as Place

FOLDER = make_vectors.FOLDER
VECTORS = json.loads((FOLDER / "vectors.json").read_text())
REFUSALS = json.loads((FOLDER / "refusals.json").read_text())["refusals"]
unhex = bytes.fromhex


def codec_of(vector):
    return KNOWN[vector["codec_id"].encode(), 1]


def identity_of(vector):
    return keys.Identity(*(vector[name].encode() for name in keys.Identity._fields))


def bound_of(value):
    names = BOUND_NUMBERS + (BOUND_FRAMES,)
    bound = {name: value[name] for name in names if value[name] is not None}
    bound.update({name: value[name].encode() for name in (BOUND_TEXT, BOUND_SYNTAX) if value[name] is not None})
    return bound


class VectorKeys:
    def __init__(self, vector):
        self.keks = {unhex(kek["id"]): unhex(kek["key"]) for kek in vector["keks"]}
        self.secrets = {unhex(s["id"]): unhex(s["secret"]) for s in vector["study_secrets"]}
        self.trusted = set(map(unhex, vector["trusted_signers"]))
        self.has_recovery_key = vector["has_recovery_key"]

    def unwrap(self, stanza, envelope_id):
        if stanza.type == KEK and stanza.name in self.keks:
            return keys.unwrap_by_kek(self.keks[stanza.name], stanza.wrapped)
        if stanza.type == RECOVERY and self.has_recovery_key:
            return keys.unwrap_by_recovery(RECOVERY_KEY, envelope_id, stanza.wrapped)
        return None

    def study_secret(self, secret_id):
        return self.secrets.get(secret_id)

    def trusts(self, signer):
        return signer in self.trusted


def envelope_of(vector):
    recipe = vector.get("envelope_recipe")
    if recipe is None:
        return unhex(vector["envelope"])
    return unhex(recipe["prefix"]) + bytes([recipe["repeated_byte"]]) * recipe["times"]


def open_vector(vector, envelope, regions):
    codecs = {name.encode() for name in vector["allowed_codecs"]}
    opener = objects.Opener(envelope, VectorKeys(vector), codecs, identity_of(vector))
    opener.check_bound(bound_of(vector["returned"]))
    elements = {}
    for region, data in regions:
        elements.setdefault((region.path, region.kind == FRAGMENT), []).append(data)
    opened = opener.open_elements([(*element, values) for element, values in elements.items()])
    return opener, [value for values in opened for value in values]


def returned_regions(vector):
    for region in vector["regions"]:
        data = unhex(region["sealed"])
        yield Region(path_of(region), region["kind"], region["order"], len(data)), data


def path_of(vector):
    return Place(tuple(map(tuple, vector["within"])), vector["tag"])


def records_of(vector):
    recorded = {record["tag"]: record["value"].encode() for record in vector["recorded"]}
    return recorded, [change_of(change) for change in vector["changes"]]


def change_of(v):
    values = unhex(v["original"]), unhex(v["sealed"])
    return records.Change(v["type"], path_of(v), v["vr"].encode(), v["undefined_length"], *values)


class Stages(unittest.TestCase):
    def check_result(self, vector, name, data):
        self.assertEqual(len(data), vector[name + "_length"])
        self.assertEqual(hashlib.sha256(data).hexdigest(), vector[name + "_sha256"])
        if name in vector:
            self.assertEqual(data.hex(), vector[name])

    def each(self, section):
        self.assertTrue(VECTORS[section])
        for vector in VECTORS[section]:
            with self.subTest(section, **{k: v for k, v in vector.items() if k in ("name", "number", "plain_length")}):
                yield vector

    def test_hkdf(self):
        for v in self.each("hkdf"):
            cut = keys.derive(unhex(v["dek"]), unhex(v["study_secret"]), unhex(v["salt"]), v["mode"], codec_of(v))
            self.assertEqual([part.hex() for part in cut], [v[name] for name in cut._fields])

    def test_keystream(self):
        for v in self.each("keystream"):
            stream = rabbit_siv.keystream(unhex(v["key"]), 65536)
            self.assertEqual(stream[:512].hex(), v["first_512"])
            self.assertEqual(hashlib.sha256(stream).hexdigest(), v["sha256_of_65536"])

    def test_unit(self):
        for v in self.each("unit"):
            plain = pattern(v["plain_length"], v["plain_pattern"])
            encrypted = codec_of(v).encrypt(unhex(v["codec_key"]), v["number"], plain)
            self.check_result(v, "encrypted", encrypted)
            self.assertEqual(codec_of(v).decrypt(unhex(v["codec_key"]), v["number"], encrypted), plain)

    def test_unit_aad(self):
        for v in self.each("unit_aad"):
            aad = keys.unit_aad(v["mode"], unhex(v["envelope_id"]), v["codec_id"].encode(), v["codec_version"],
                                identity_of(v))
            self.assertEqual(aad.hex(), v["aad"])

    def test_aead_unit(self):
        for v in self.each("aead_unit"):
            plain = pattern(v["plain_length"], v["plain_pattern"])
            object_keys = keys.ObjectKeys(unhex(v["aead"]), b"", b"", b"", unhex(v["codec_key"]))
            place = codec_of(v), object_keys, unhex(v["aad"]), v["number"]
            sealed, tag = objects.seal_unit(*place, plain)
            self.check_result(v, "sealed", sealed)
            self.assertEqual(tag.hex(), v["tag"])
            self.assertEqual(objects.open_unit(*place, sealed, tag), plain)

    def test_blob(self):
        for v in self.each("blob"):
            plain = pattern(v["plain_length"], v["plain_pattern"])
            sealed = objects.seal_blob(unhex(v["attributes"]), unhex(v["aad"]), plain)
            self.check_result(v, "sealed", sealed)
            self.assertEqual(objects.open_blob(unhex(v["attributes"]), unhex(v["aad"]), sealed), plain)

    def test_records(self):
        for v in self.each("records"):
            self.assertEqual(records.write_records(*records_of(v)).hex(), v["blob"])
            self.assertEqual(records.read_records(unhex(v["blob"])), records_of(v))

    def test_kek_wrap(self):
        for v in self.each("kek_wrap"):
            self.assertEqual(keys.wrap_by_kek(unhex(v["kek"]), unhex(v["dek"])).hex(), v["wrapped"])
            self.assertEqual(keys.unwrap_by_kek(unhex(v["kek"]), unhex(v["wrapped"])).hex(), v["dek"])

    def test_recovery_wrap(self):
        public = RECOVERY_KEY.public_key()
        self.assertEqual(keys.public_key_hash(public).hex(), VECTORS["recovery_public_key_sha256"])
        for v in self.each("recovery_wrap"):
            label, dek = unhex(v["envelope_id"]), unhex(v["dek"])
            self.assertEqual(keys.wrap_for_recovery(public, label, dek, unhex(v["oaep_seed"])).hex(), v["wrapped"])
            self.assertEqual(keys.unwrap_by_recovery(RECOVERY_KEY, label, unhex(v["wrapped"])), dek)

    def test_signature(self):
        for v in self.each("signature"):
            digest = hashlib.sha256(unhex(v["body"])).digest()
            self.assertEqual(digest.hex(), v["body_sha256"])
            Ed25519PublicKey.from_public_bytes(unhex(v["public_key"])).verify(unhex(v["signature"]), digest)

    def test_mac(self):
        for v in self.each("mac"):
            mac = objects.envelope_mac(unhex(v["envelope_key"]), unhex(v["body"]), unhex(v["stanzas"]))
            self.assertEqual(mac.hex(), v["mac"])

    def test_envelope(self):
        for v in self.each("envelope"):
            body = parse(unhex(v["envelope"])).body
            self.assertEqual([region_as_json(region) for region in body.regions], v["regions"])
            self.assertEqual([tag.hex() for tag in body.tags], v["tags"])
            self.assertEqual(bound_as_json(body.bound), v["bound"])
            for name in ("mode", "codec_version", "time_ms", "blob_length"):
                self.assertEqual(getattr(body, name), v[name])
            for name in ("envelope_id", "study_secret_id", "salt", "commitment", "signer", "sealed_blob"):
                self.assertEqual(getattr(body, name).hex(), v[name])
            for name in ("codec_id", "tenant", "gateway", "scanner", "transfer_syntax"):
                self.assertEqual(getattr(body, name).decode(), v[name])


class Objects(unittest.TestCase):
    def test_seal_again(self):
        for v in VECTORS["objects"]:
            with self.subTest(v["name"]):
                envelope, sealed = self.seal(v)
                self.assertEqual(envelope.hex(), v["envelope"])
                for region, data in zip(v["regions"], sealed, strict=True):
                    self.assertEqual(hashlib.sha256(data).hexdigest(), region["sealed_sha256"])
                    self.assertEqual(data.hex(), region.get("sealed", data.hex()))

    def test_open(self):
        for v in VECTORS["objects"]:
            with self.subTest(v["name"]):
                places = [place for place, _ in self.plain_regions(v)]
                opener, opened = open_vector(v, unhex(v["envelope"]), list(zip(places, self.seal(v)[1])))
                self.assertEqual(opened, [data for _, data in self.plain_regions(v)])
                found = records_as_json(opener.recorded, opener.changes)
                self.assertEqual(found, {name: v[name] for name in found})
                self.assertEqual(opener.absent, [])

    def test_what_may_be_absent(self):
        v = next(v for v in VECTORS["objects"] if v["name"] == "regions at any depth")
        pixels = [(place, unhex(r["sealed"])) for (place, _), r in zip(self.plain_regions(v), v["regions"])][-1:]
        opener, opened = open_vector(v, unhex(v["envelope"]), pixels)
        self.assertEqual(opened, [self.plain_regions(v)[-1][1]])
        self.assertEqual(set(opener.absent), {place.path for place, _ in self.plain_regions(v)[:-1]})

    def plain_regions(self, v):
        return [
            (Region(path_of(r), r["kind"], r["order"], r["length"]), pattern(r["length"], r["plain_pattern"]))
            for r in v["regions"]
        ]

    def seal(self, v):
        secrets = [objects.StudySecret(unhex(s["id"]), unhex(s["secret"])) for s in v["study_secrets"]]
        stanzas = parse(unhex(v["envelope"])).stanzas
        return objects.seal(
            self.plain_regions(v),
            identity_of(v),
            bound_of(v["bound"]),
            records_of(v),
            objects.Origin(v["gateway"].encode(), v["scanner"].encode(), v["transfer_syntax"].encode()),
            objects.Fresh(unhex(v["dek"]), unhex(v["salt"]), unhex(v["envelope_id"]), v["time_ms"]),
            codec_of(v),
            Ed25519PrivateKey.from_private_bytes(unhex(v["signing_seed"])),
            lambda _dek, _id: stanzas,
            *secrets,
        )


class Refusals(unittest.TestCase):
    def test_every_refusal_has_its_name(self):
        for v in REFUSALS:
            with self.subTest(v["name"]), self.assertRaises(Refused) as caught:
                open_vector(v, envelope_of(v), list(returned_regions(v)))
            self.assertEqual(caught.exception.name, v["failure"], v["name"])

    def test_as_many_changes_as_are_allowed_and_one_more(self):
        changes = [records.Change(records.ADDED, Place((), tag)) for tag in range(65537)]
        self.assertEqual(records.read_records(records.write_records({}, changes[1:])), ({}, changes[1:]))
        with self.assertRaises(Refused) as caught:
            records.read_records(records.write_records({}, changes))
        self.assertEqual(caught.exception.name, "over_limit")

    def test_names_are_unique_and_every_failure_is_there(self):
        self.assertEqual(len({v["name"] for v in REFUSALS}), len(REFUSALS))
        self.assertEqual({v["failure"] for v in REFUSALS}, NAMES)

    def test_random_damage_has_a_name(self):
        """Bits flipped, bytes cut out and doubled: nothing but Refused, and never the object."""
        rng = random.Random(1)
        samples = [v for v in VECTORS["objects"] if all("sealed" in region for region in v["regions"])]
        for _ in range(4000):
            v = rng.choice(samples)
            data = damaged(rng, unhex(v["envelope"]))
            with self.subTest(v["name"]), self.assertRaises(Refused):
                open_vector(v, data, list(returned_regions(v)))


def damaged(rng, data):
    at = rng.randrange(len(data))
    what = rng.randrange(4)
    if what == 0:
        return data[:at]
    if what == 1:
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if what == 2:
        return data[:at] + data[at + rng.randrange(1, 9) :]
    return data[:at] + bytes([rng.randrange(256)]) + data[at:]


class Committed(unittest.TestCase):
    def test_vectors_are_what_make_vectors_makes(self):
        with tempfile.TemporaryDirectory() as folder:
            make_vectors.write(folder)
            for name in ("vectors.json", "refusals.json"):
                self.assertEqual(Path(folder, name).read_bytes(), (FOLDER / name).read_bytes(), name)


class RabbitSivVectors(unittest.TestCase):
    def test_every_line_both_ways(self):
        key, lines = None, 0
        for line in (FOLDER / "rabbit-siv-vectors.txt").read_text().splitlines():
            if line.startswith("#"):
                continue
            if line.startswith("codec_key = "):
                key = unhex(line.partition(" = ")[2])
                continue
            length, kind, number, digest, whole = line.split()
            plain = bytes(int(length)) if kind == "zero" else pattern(int(length), 0)
            encrypted = rabbit_siv.encrypt(key, int(number), plain)
            self.assertEqual(hashlib.sha256(encrypted).hexdigest(), digest, line)
            self.assertIn(whole, ("-", encrypted.hex()))
            self.assertEqual(rabbit_siv.decrypt(key, int(number), encrypted), plain, line)
            lines += 1
        self.assertGreater(lines, 100)


if __name__ == "__main__":
    unittest.main()
