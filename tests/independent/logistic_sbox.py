#!/usr/bin/python3
"""The logistic-sbox unit cipher by codec/plugins/logistic_sbox/README.md alone, sharing no code with Portcullis.

    logistic_sbox.py > logistic-sbox-vectors.txt     makes the vectors, always the same

Python 3 alone. It is slow (ten seconds), and careless of its key: for checking the specification, not for patients.
"""
import hashlib

STEP, SPREAD, LEAST = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0xE47AE147AE147AE2
WORD = 1 << 64

LENGTHS = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 64, 255, 256, 257, 511, 4096, 65536, 262144]
UNITS = [0, 1, 4294967301]


class Orbit:
    def __init__(self, key):
        words = [int.from_bytes(key[at:at + 8], "little") for at in range(0, 32, 8)]
        self.x, self.counter = 0, 0
        self.mu = LEAST + words[1] * (WORD - LEAST) // WORD
        for word in words:
            self.absorb(word)
        self.steps(128)

    def step(self):
        y = self.x * (WORD - 1 - self.x) // WORD
        self.counter = (self.counter + STEP) % WORD
        self.x = (self.mu * y // 2**62 + self.counter) % WORD

    def steps(self, count):
        for _ in range(count):
            self.step()

    def draw(self):
        self.step()
        folded = self.x ^ self.x // 2**32
        return folded * SPREAD % WORD // 2**32

    def absorb(self, word):
        self.x = (self.x + word * SPREAD) % WORD
        self.counter ^= word
        self.steps(32)


def times(a, b):
    """The product of two polynomials over GF(2)."""
    result = 0
    for bit in range(b.bit_length()):
        if b >> bit & 1:
            result ^= a << bit
    return result


def remainder(a, modulus):
    while a.bit_length() >= modulus.bit_length():
        a ^= modulus << a.bit_length() - modulus.bit_length()
    return a


# Irreducible: no polynomial of degree 1 to 4 divides it.
POLYNOMIALS = [p for p in range(256, 512) if all(remainder(p, d) for d in range(2, 32))]
assert len(POLYNOMIALS) == 30
INVERSES = {}


def inverses(modulus):
    """1 / b for every b but 0, each found by trying; each polynomial once."""
    if modulus not in INVERSES:
        found = {1: 1}
        for b in range(2, 256):
            if b not in found:
                found[b] = next(q for q in range(2, 256) if remainder(times(b, q), modulus) == 1)
                found[found[b]] = b
        INVERSES[modulus] = found
    return INVERSES[modulus]


def sbox(modulus, a, c):
    inverse = inverses(modulus)
    return [c] + [remainder(times(a, inverse[b]), modulus) ^ c for b in range(1, 256)]


class Pass:
    """One of the four passes: its S-box, its two starting bytes, its masks."""

    def __init__(self, key, number, length, unit_number):
        orbit = Orbit(key)
        orbit.absorb(unit_number)
        orbit.absorb(number * 2**32 + length)
        orbit.steps(128)
        polynomial = orbit.draw() * 30 // 2**32
        a = 1 + orbit.draw() * 255 // 2**32
        c, self.before, self.before_that, _ = orbit.draw().to_bytes(4, "little")
        self.sbox = sbox(POLYNOMIALS[polynomial], a, c)
        draws = (orbit.draw().to_bytes(4, "little") for _ in range(0, length, 4))
        self.masks = [byte for four in draws for byte in four][:length]
        self.order = slice(None, None, -1 if number % 2 else 1)

    def encrypt(self, unit):
        out = [self.before_that, self.before]
        for p, mask in zip(unit[self.order], self.masks):
            out.append(self.sbox[255 - (p ^ out[-1] ^ out[-2] ^ mask)])
        return bytes(out[2:])[self.order]

    def decrypt(self, unit):
        c = bytes([self.before_that, self.before]) + unit[self.order]
        back = {value: b for b, value in enumerate(self.sbox)}
        out = [255 - (back[c[i + 2]] ^ c[i + 1] ^ c[i] ^ mask) for i, mask in enumerate(self.masks)]
        return bytes(out)[self.order]


def encrypt(key, unit, number):
    for p in range(4):
        unit = Pass(key, p, len(unit), number).encrypt(unit)
    return unit


def decrypt(key, unit, number):
    for p in (3, 2, 1, 0):
        unit = Pass(key, p, len(unit), number).decrypt(unit)
    return unit


def main():
    key = bytes((255 - 5 * i) % 256 for i in range(32))
    print("# logistic-sbox unit cipher (codec/plugins/logistic_sbox/README.md). Two independent programs agree on every line.")
    print("# plaintext: zero = all 00; ramp = byte j is (31*j + floor(j/256)) mod 256")
    print("codec_key =", key.hex())
    print("# length plaintext unit_number sha256(ciphertext) ciphertext-if-at-most-64-bytes")
    for length in LENGTHS:
        ramp = bytes((31 * j + j // 256) % 256 for j in range(length))
        for name, plain in (("zero", bytes(length)), ("ramp", ramp)):
            for number in UNITS:
                sealed = encrypt(key, plain, number)
                assert decrypt(key, sealed, number) == plain
                print(length, name, number, hashlib.sha256(sealed).hexdigest(), sealed.hex() if length <= 64 else "-")


if __name__ == "__main__":
    main()
