"""A keyring folder: KEKs, the signing key, and the signers that are trusted. It has no study secrets."""
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization import load_pem_public_key

import keys
from envelope import KEK, Stanza


class KeyringError(Exception):
    pass


def read_kek(path):
    """Its id and the key."""
    lines = path.read_text().splitlines()
    fields = dict(line.split(" ", 1) for line in lines[1:])
    if lines[:1] != ["portcullis-kek 1"] or not {"id", "key"} <= fields.keys():
        raise KeyringError(f"{path} is no key file")
    return bytes.fromhex(fields["id"]), bytes.fromhex(fields["key"])


def raw(public_key):
    return public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)


class Keyring:
    def __init__(self, folder):
        folder = Path(folder)
        self.keks = dict(read_kek(path) for path in sorted((folder / "keks").iterdir()))
        self.current = bytes.fromhex((folder / "current").read_text().strip())
        self.signing_key = load_pem_private_key((folder / "signing.key").read_bytes(), None)
        others = [load_pem_public_key(path.read_bytes()) for path in sorted(folder.glob("trusted/*.pub"))]
        self.trusted = {raw(key) for key in [self.signing_key.public_key(), *others]}

    def wrap(self, dek, _envelope_id):
        return [Stanza(KEK, self.current, keys.wrap_by_kek(self.keks[self.current], dek))]

    def unwrap(self, stanza, _envelope_id):
        kek = self.keks.get(stanza.name) if stanza.type == KEK else None
        return keys.unwrap_by_kek(kek, stanza.wrapped) if kek else None

    def study_secret(self, _secret_id):
        return None

    def trusts(self, signer):
        return signer in self.trusted
