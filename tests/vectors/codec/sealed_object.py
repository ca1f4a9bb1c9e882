#!/usr/bin/python3
"""Seals and opens an object by codec/FORMAT.md alone, sharing no code with Portcullis.

    sealed_object.py > sealed-object-vectors.txt     makes the vectors, always the same
    sealed_object.py open < FILE                     opens what such a file holds, prints the plaintext's SHA-256

Needs python3-cryptography. It is slow, and careless of its keys: for checking the format, not for patients.
"""
import hashlib
import hmac
import struct
import sys

from cryptography.hazmat.primitives import hashes, keywrap, poly1305
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

UNIT, CHUNK, M32 = 262144, 1048576, 0xFFFFFFFF


def u(size, number):
    return number.to_bytes(size, "big")


def field(data):
    return u(4, len(data)) + data


def text(data):
    return u(1, len(data)) + data


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


# Rabbit, RFC 4503


class Rabbit:
    A = [0x4D34D34D, 0xD34D34D3, 0x34D34D34] * 3

    def __init__(self, key, iv):
        k = [int.from_bytes(key[2 * j : 2 * j + 2], "little") for j in range(8)]
        self.x, self.c, self.carry = [0] * 8, [0] * 8, 0
        for j in range(8):
            a, b, c, d = k[(j + 1) % 8] << 16 | k[j], k[(j + 4) % 8] << 16 | k[(j + 5) % 8], \
                k[(j + 5) % 8] << 16 | k[(j + 4) % 8], k[j] << 16 | k[(j + 1) % 8]
            self.x[j], self.c[j] = (a, b) if j % 2 == 0 else (c, d)
        for _ in range(4):
            self.step()
        words = [iv & M32, (iv >> 48) << 16 | (iv >> 16) & 0xFFFF, iv >> 32, (iv >> 32 & 0xFFFF) << 16 | iv & 0xFFFF]
        for j in range(8):
            self.c[j] ^= self.x[(j + 4) % 8]
        for j in range(8):
            self.c[j] ^= words[j % 4]
        for _ in range(4):
            self.step()

    def step(self):
        for j in range(8):
            total = self.c[j] + self.A[j] + self.carry
            self.c[j], self.carry = total & M32, total >> 32
        g = []
        for j in range(8):
            square = ((self.x[j] + self.c[j]) & M32) ** 2
            g.append((square ^ square >> 32) & M32)

        def rol(word, bits):
            return (word << bits | word >> 32 - bits) & M32

        for j in range(0, 8, 2):
            self.x[j] = (g[j] + rol(g[j - 1], 16) + rol(g[j - 2], 16)) & M32
            self.x[j + 1] = (g[j + 1] + rol(g[j], 8) + g[j - 1]) & M32

    def words(self):
        self.step()
        x = self.x
        return [(x[2 * w] ^ x[(2 * w + 5) % 8] >> 16 ^ x[(2 * w + 3) % 8] << 16) & M32 for w in range(4)]


# Codec rabbit-siv


def aes(key, block, decrypt=False):
    cipher = Cipher(algorithms.AES(key), modes.ECB())
    return (cipher.decryptor() if decrypt else cipher.encryptor()).update(block)


def keystream_xor(key, iv, data):
    lanes = [Rabbit(aes(key, iv), i) for i in range(16)]
    stream = b""
    while len(stream) < len(data):
        step = [lane.words() for lane in lanes]
        stream += b"".join(struct.pack("<I", words[w]) for w in range(4) for words in step)
    return bytes(a ^ b for a, b in zip(data, stream))


def siv_hash(key, number, head):
    message = struct.pack("<QQ", number, len(head) + 16) + head
    return int.from_bytes(poly1305.Poly1305.generate_tag(key[:16] + bytes(16), message), "little")


def encrypt_unit(key, number, unit):
    if len(unit) < 16:
        return unit
    head, tail = unit[:-16], int.from_bytes(unit[-16:], "little")
    tail = aes(key[16:48], ((tail + siv_hash(key, number, head)) % 2**128).to_bytes(16, "little"))
    return keystream_xor(key[48:], tail, head) + tail


def decrypt_unit(key, number, unit):
    if len(unit) < 16:
        return unit
    head, tail = keystream_xor(key[48:], unit[-16:], unit[:-16]), unit[-16:]
    tail = int.from_bytes(aes(key[16:48], tail, decrypt=True), "little")
    return head + ((tail - siv_hash(key, number, head)) % 2**128).to_bytes(16, "little")


# Keys and AAD


def derive(dek, salt, mode, codec, version, codec_key_length):
    info = field(b"portcullis/v1") + field(u(1, mode)) + field(codec) + field(u(2, version))
    out = HKDF(hashes.SHA256(), 128 + codec_key_length, salt, info).derive(dek)
    return out[:32], out[32:64], out[64:96], out[96:128], out[128:]


def unit_aad(mode, envelope_id, codec, version, identity):
    fields = [u(2, 1), u(1, mode), envelope_id, codec, u(2, version), *identity]
    return hashlib.sha256(b"".join(field(f) for f in fields)).digest()


def nonce(number):
    return u(12, number)


# Sealing


def pattern(length, region):
    return bytes((31 * j + j // 256 + 7 * region) % 256 for j in range(length))


def cut(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def seal_blob(key, aad, blob):
    chunks = cut(blob, CHUNK) or [b""]
    last = len(chunks) - 1
    return b"".join(
        AESGCM(key).encrypt(nonce(i), chunk, aad + u(4, i) + u(1, i == last)) for i, chunk in enumerate(chunks)
    )


def make_vectors():
    kek, kek_id, seed = bytes(range(32)), bytes(range(100, 116)), bytes(range(50, 82))
    dek, salt, envelope_id = bytes(range(200, 232)), bytes(range(150, 182)), bytes(range(16, 32))
    codec, identity = b"rabbit-siv", [b"st-elsewhere", b"1.2.840.10008.5.1.4.1.1.2", b"1.2.3.4.5"]
    regions = [pattern(300, 0), b"", pattern(UNIT + 40, 2)]
    aead, attributes, envelope_key, commit, codec_key = derive(dek, salt, 1, codec, 1, 80)
    aad = unit_aad(1, envelope_id, codec, 1, identity)
    signer = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    public = signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    units = [unit for region in regions for unit in cut(region, UNIT)]
    sealed = [AESGCM(aead).encrypt(nonce(i), encrypt_unit(codec_key, i, unit), aad) for i, unit in enumerate(units)]
    blob = u(1, 1) + u(4, 0x00100020) + field(b"PAT-1") + u(1, 1) + u(4, 0x00281053) + field(b"1")
    bound = u(2, 0b110000011) + u(2, 512) + u(2, 256) + text(b"MONOCHROME2") + u(8, 3) + text(b"1.2.840.10008.1.2.4.90")
    rest = u(1, 1) + envelope_id + text(codec) + u(2, 1) + salt + commit + public
    rest += text(identity[0]) + text(b"gate-1") + text(b"CT1") + u(8, 1700000000123)
    rest += bound + text(b"1.2.840.10008.1.2.4.90")
    rest += u(4, 1) + u(4, 0x7FE00010) + u(1, 2) + u(4, 0) + u(4, len(regions))
    rest += b"".join(varint(len(region)) for region in regions)
    rest += b"".join(unit[-16:] for unit in sealed)
    rest += u(4, len(blob)) + seal_blob(attributes, aad, blob)
    rest += bytes((14 + len(rest)) % 2)
    body = b"PORTCULL" + u(2, 1) + u(4, 14 + len(rest)) + rest
    wrapped = kek_id + keywrap.aes_key_wrap_with_padding(kek, dek)
    stanzas = u(2, 1) + u(2, 1) + u(2, len(wrapped)) + wrapped
    signature = signer.sign(hashlib.sha256(body).digest())
    envelope = body + signature + stanzas + hmac.digest(envelope_key, body + stanzas, "sha256")

    print("# One object of three regions (300, 0 and 262184 bytes), by sealed_object.py from codec/FORMAT.md.")
    print("# plaintext: byte j of region i is (31*j + floor(j/256) + 7*i) mod 256; ciphertexts without their tags")
    for name, value in [("kek", kek), ("kek_id", kek_id), ("signer", public), ("envelope", envelope)]:
        print(name, "=", value.hex())
    for name, value in zip(["tenant", "sop_class_uid", "sop_instance_uid"], identity):
        print(name, "=", value.decode())
    for i, unit in enumerate(sealed):
        if len(unit) < 1024:
            print(f"unit_{i} =", unit[:-16].hex())
        print(f"unit_{i}_sha256 =", hashlib.sha256(unit[:-16]).hexdigest())


# Opening


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        assert self.at + size <= len(self.data), "malformed"
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
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value


def open_object(values):
    envelope = bytes.fromhex(values["envelope"])
    r = Reader(envelope)
    assert r.take(8) == b"PORTCULL" and r.number(2) == 1
    body = envelope[: r.number(4)]
    mode, envelope_id, codec, version = r.number(1), r.take(16), r.text(), r.number(2)
    salt, commitment, signer, _tenant = r.take(32), r.take(32), r.take(32), r.text()
    gateway, scanner, time = r.text(), r.text(), r.number(8)
    present = r.number(2)
    bound = [r.number(2) if present >> bit & 1 else None for bit in range(7)]
    bound.append(r.text() if present >> 7 & 1 else None)
    bound.append(r.number(8) if present >> 8 & 1 else None)
    bound.append(r.text())
    syntax = r.text()
    lengths = []
    for _ in range(r.number(4)):
        r.take(4 + 1 + 4)
        lengths += [r.varint() for _ in range(r.number(4))]
    tags = cut(r.take(16 * sum(-(-length // UNIT) for length in lengths)), 16)
    blob_length = r.number(4)
    blob = r.take(blob_length + 16 * max(1, -(-blob_length // CHUNK)))
    assert len(body) - r.at in (0, 1)
    r = Reader(envelope[len(body) :])
    signature = r.take(64)
    stanzas_at = r.at
    assert r.number(2) == 1 and r.number(2) == 1 and r.number(2) == 56
    assert r.take(16).hex() == values["kek_id"]
    dek = keywrap.aes_key_unwrap_with_padding(bytes.fromhex(values["kek"]), r.take(40))
    stanzas = envelope[len(body) + stanzas_at : len(body) + r.at]
    mac = r.take(32)
    assert r.at == len(r.data)

    aead, attributes, envelope_key, commit, codec_key = derive(
        dek, salt, mode, codec, version, 80 if codec == b"rabbit-siv" else 0
    )
    assert commit == commitment and mac == hmac.digest(envelope_key, body + stanzas, "sha256")
    ed25519.Ed25519PublicKey.from_public_bytes(signer).verify(signature, hashlib.sha256(body).digest())
    assert signer.hex() == values["signer"]
    identity = [values[name].encode() for name in ("tenant", "sop_class_uid", "sop_instance_uid")]
    aad = unit_aad(mode, envelope_id, codec, version, identity)
    chunks = cut(blob, CHUNK + 16)
    plain_blob = b"".join(
        AESGCM(attributes).decrypt(nonce(i), chunk, aad + u(4, i) + u(1, i == len(chunks) - 1))
        for i, chunk in enumerate(chunks)
    )
    print(gateway, scanner, time, bound, syntax, lengths, plain_blob)
    for i, tag in enumerate(tags):
        if f"unit_{i}" not in values:
            continue
        unit = AESGCM(aead).decrypt(nonce(i), bytes.fromhex(values[f"unit_{i}"]) + tag, aad)
        plain = decrypt_unit(codec_key, i, unit) if codec == b"rabbit-siv" else unit
        print(i, hashlib.sha256(plain).hexdigest())


if __name__ == "__main__":
    if sys.argv[1:] == ["open"]:
        lines = (line.partition(" = ") for line in sys.stdin if not line.startswith("#"))
        open_object({name: value.strip() for name, _, value in lines})
    else:
        make_vectors()
