"""The keys of one object, the unit AAD, and the two ways to wrap a DEK."""
import hashlib
from collections import namedtuple

from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ObjectKeys = namedtuple("ObjectKeys", "aead attributes envelope commit codec")
# Bytes, as they stand in the data set but for their padding.
Identity = namedtuple("Identity", "tenant sop_class_uid sop_instance_uid")

FORMAT_VERSION = 1
DEK_LENGTH = 32


def u(size, number):
    return number.to_bytes(size, "big")


def field(data):
    return u(4, len(data)) + data


def hkdf_info(mode, codec_id, codec_version):
    return field(b"portcullis/v1") + field(u(1, mode)) + field(codec_id) + field(u(2, codec_version))


def derive(dek, study_secret, salt, mode, codec):
    """`study_secret` is empty in mode 1."""
    info = hkdf_info(mode, codec.id, codec.version)
    out = HKDF(hashes.SHA256(), 128 + codec.key_length, salt, info).derive(dek + study_secret)
    return ObjectKeys(out[:32], out[32:64], out[64:96], out[96:128], out[128:])


def unit_aad(mode, envelope_id, codec_id, codec_version, identity):
    fields = [u(2, FORMAT_VERSION), u(1, mode), envelope_id, codec_id, u(2, codec_version), *identity]
    return hashlib.sha256(b"".join(map(field, fields))).digest()


def nonce(number):
    return u(12, number)


def wrap_by_kek(kek, dek):
    return keywrap.aes_key_wrap_with_padding(kek, dek)


def unwrap_by_kek(kek, wrapped):
    """None if it does not unwrap to a DEK. (40 bytes of KWP may hold 25 to 32.)"""
    try:
        dek = keywrap.aes_key_unwrap_with_padding(kek, wrapped)
    except (keywrap.InvalidUnwrap, ValueError):
        return None
    return dek if len(dek) == DEK_LENGTH else None


def public_key_hash(public_key):
    der = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()


def mgf1(seed, length):
    blocks = [hashlib.sha256(seed + u(4, i)).digest() for i in range(-(-length // 32))]
    return b"".join(blocks)[:length]


def mask(data, seed):
    return bytes(a ^ b for a, b in zip(data, mgf1(seed, len(data))))


def wrap_for_recovery(public_key, envelope_id, dek, seed):
    """RSAES-OAEP-ENCRYPT of RFC 8017 7.1.1. `seed`: 32 random bytes, an argument so that vectors can be made again."""
    size = (public_key.key_size + 7) // 8
    block = hashlib.sha256(envelope_id).digest() + bytes(size - len(dek) - 66) + b"\1" + dek
    block = mask(block, seed)
    seed = mask(seed, block)
    numbers = public_key.public_numbers()
    return pow(int.from_bytes(b"\0" + seed + block, "big"), numbers.e, numbers.n).to_bytes(size, "big")


def unwrap_by_recovery(private_key, envelope_id, wrapped):
    """None if it does not unwrap to a DEK."""
    scheme = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), envelope_id)
    try:
        dek = private_key.decrypt(wrapped, scheme)
    except ValueError:
        return None
    return dek if len(dek) == DEK_LENGTH else None
