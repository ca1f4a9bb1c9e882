"""The codecs that every reader of the format knows."""
from collections import namedtuple

import rabbit_siv

# encrypt and decrypt take (codec key, unit number, unit) and give as many bytes as the unit has.
Codec = namedtuple("Codec", "id version key_length encrypt decrypt")


def unchanged(_key, _number, unit):
    return unit


NONE = Codec(b"none", 1, 0, unchanged, unchanged)
RABBIT_SIV = Codec(b"rabbit-siv", 1, rabbit_siv.KEY_LENGTH, rabbit_siv.encrypt, rabbit_siv.decrypt)
KNOWN = {(codec.id, codec.version): codec for codec in (NONE, RABBIT_SIV)}
