"""What the tests of whole files have in common."""
import tempfile
import unittest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import random_objects
from data_sets import Plan
from failures import Refused
from keyring import Keyring
from portcullis_independent import open_file, seal_file
from random_objects import Made, even
from sample import named
from unit_codecs import KNOWN, RABBIT_SIV

ALL_CODECS = {codec.id for codec in KNOWN.values()}
TENANT = b"tenant"


def make_keyring(folder):
    folder = Path(folder)
    (folder / "keks").mkdir()
    kek_id = named("keyring kek id", 16).hex()
    text = f"portcullis-kek 1\nid {kek_id}\ncreated 2026-01-01T00:00:00Z\nkey {named('keyring kek').hex()}\n"
    (folder / "keks" / kek_id).write_text(text)
    (folder / "current").write_text(kek_id + "\n")
    key = Ed25519PrivateKey.from_private_bytes(named("keyring signing seed"))
    (folder / "signing.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Keyring(folder)


def minimal(transfer_syntax, *elements):
    uids = [(0x00080016, b"UI", even(random_objects.CT, b"\0")), (0x00080018, b"UI", even(b"1.2.3", b"\0"))]
    return Made(uids + list(elements), transfer_syntax)


class FileCase(unittest.TestCase):
    """Seals and opens files with a keyring of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.keyring = make_keyring(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def seal(self, file, codec=RABBIT_SIV, plan=Plan()):
        return seal_file(file, self.keyring, TENANT, codec, plan)

    def open(self, file):
        return self.open_and_report(file)[0]

    def open_and_report(self, file):
        """The opened file and the remarks."""
        remarks = []
        return open_file(file, self.keyring, TENANT, ALL_CODECS, remarks.append), remarks

    def assert_opens(self, file, expected, *remarks):
        """Bytes by themselves: unittest takes minutes to tell two tuples of large ones apart."""
        opened, reported = self.open_and_report(file)
        self.assertEqual(reported, list(remarks))
        self.assertEqual(opened, expected)

    def assert_refused(self, failure, file):
        with self.assertRaises(Refused) as caught:
            self.open(file)
        self.assertEqual(caught.exception.name, failure)
