"""The codec `rabbit-siv`, version 1: a unit of pixels in, as many bytes out. From codec/FORMAT.md and RFC 4503."""
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

KEY_LENGTH = 80
LANES = 16
MASK_32 = 0xFFFFFFFF
MASK_128 = (1 << 128) - 1
MASK_256 = (1 << 256) - 1

# The eight counters of RFC 4503 2.5, each with the carry of the one before, are one number of 256 bits.
COUNTER_STEP = int.from_bytes(struct.pack("<8I", *([0x4D34D34D, 0xD34D34D3, 0x34D34D34] * 3)[:8]), "little")
EIGHT_WORDS = struct.Struct("<8I")


class Lane:
    """One Rabbit under a key of 16 bytes and the integer `iv` of 64 bits; eSTREAM's order of bytes."""

    def __init__(self, key, iv):
        k = struct.unpack("<8H", key)
        self.x, counters = [0] * 8, [0] * 8
        for j in range(8):
            near = k[(j + 1) % 8] << 16 | k[j]
            if j % 2 == 0:
                self.x[j], counters[j] = near, k[(j + 4) % 8] << 16 | k[(j + 5) % 8]
            else:
                self.x[j] = k[(j + 5) % 8] << 16 | k[(j + 4) % 8]
                counters[j] = k[j] << 16 | k[(j + 1) % 8]
        self.counters, self.carry = int.from_bytes(EIGHT_WORDS.pack(*counters), "little"), 0
        for _ in range(4):
            self.step()
        self.mix_in(iv)
        for _ in range(4):
            self.step()

    def mix_in(self, iv):
        low, high = iv & MASK_32, iv >> 32
        words = [low, (high >> 16) << 16 | low >> 16, high, (high & 0xFFFF) << 16 | low & 0xFFFF]
        change = [self.x[(j + 4) % 8] ^ words[j % 4] for j in range(8)]
        self.counters ^= int.from_bytes(EIGHT_WORDS.pack(*change), "little")

    def step(self):
        total = self.counters + COUNTER_STEP + self.carry
        self.carry, self.counters = total >> 256, total & MASK_256
        squares = [
            ((x + c) & MASK_32) ** 2 for x, c in zip(self.x, EIGHT_WORDS.unpack(self.counters.to_bytes(32, "little")))
        ]
        g0, g1, g2, g3, g4, g5, g6, g7 = [(s ^ s >> 32) & MASK_32 for s in squares]
        m = MASK_32
        self.x = [
            g0 + (g7 << 16 | g7 >> 16) + (g6 << 16 | g6 >> 16) & m,
            g1 + (g0 << 8 | g0 >> 24) + g7 & m,
            g2 + (g1 << 16 | g1 >> 16) + (g0 << 16 | g0 >> 16) & m,
            g3 + (g2 << 8 | g2 >> 24) + g1 & m,
            g4 + (g3 << 16 | g3 >> 16) + (g2 << 16 | g2 >> 16) & m,
            g5 + (g4 << 8 | g4 >> 24) + g3 & m,
            g6 + (g5 << 16 | g5 >> 16) + (g4 << 16 | g4 >> 16) & m,
            g7 + (g6 << 8 | g6 >> 24) + g5 & m,
        ]

    def block(self):
        """The next four words of keystream."""
        self.step()
        x0, x1, x2, x3, x4, x5, x6, x7 = self.x
        m = MASK_32
        return (
            (x0 ^ x5 >> 16 ^ x3 << 16) & m,
            (x2 ^ x7 >> 16 ^ x5 << 16) & m,
            (x4 ^ x1 >> 16 ^ x7 << 16) & m,
            (x6 ^ x3 >> 16 ^ x1 << 16) & m,
        )


def keystream(key, length):
    """`length` bytes of the sixteen lanes under a Rabbit key of 16 bytes."""
    lanes = [Lane(key, i) for i in range(LANES)]
    pack = struct.Struct("<%dI" % LANES).pack
    out = []
    for _ in range(-(-length // (16 * LANES))):
        out += [pack(*words) for words in zip(*[lane.block() for lane in lanes])]
    return b"".join(out)[:length]


def xor(a, b):
    return (int.from_bytes(a, "little") ^ int.from_bytes(b, "little")).to_bytes(len(a), "little")


def aes_256(key):
    return Cipher(algorithms.AES(key), modes.ECB())


def encrypt_block(key, block):
    return aes_256(key).encryptor().update(block)


def decrypt_block(key, block):
    return aes_256(key).decryptor().update(block)


def apply_keystream(codec_key, seed, data):
    return xor(data, keystream(encrypt_block(codec_key[48:80], seed), len(data)))


def hash_left(codec_key, number, left):
    message = struct.pack("<QQ", number, len(left) + 16) + left
    return int.from_bytes(Poly1305.generate_tag(codec_key[:16] + bytes(16), message), "little")


def encrypt(codec_key, number, unit):
    if len(unit) < 16:
        return unit
    left, right = unit[:-16], int.from_bytes(unit[-16:], "little")
    total = (right + hash_left(codec_key, number, left)) & MASK_128
    right = encrypt_block(codec_key[16:48], total.to_bytes(16, "little"))
    return apply_keystream(codec_key, right, left) + right


def decrypt(codec_key, number, unit):
    if len(unit) < 16:
        return unit
    left = apply_keystream(codec_key, unit[-16:], unit[:-16])
    total = int.from_bytes(decrypt_block(codec_key[16:48], unit[-16:]), "little")
    return left + ((total - hash_left(codec_key, number, left)) & MASK_128).to_bytes(16, "little")
