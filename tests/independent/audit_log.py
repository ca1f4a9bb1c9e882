"""The audit log, written from gateway/audit/FORMAT.md alone: lines, chain, tree, checkpoints, proofs. It can do all
that a thief with root can: write lines with hashes that fit, and sign, with whatever key there is."""

import base64
import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    return sha256(b"\0" + data)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def split(count):
    """RFC 6962 2.1: the largest power of two below it."""
    return 1 << (count - 1).bit_length() - 1


def tree_hash(leaves):
    """MTH of RFC 6962 2.1."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(tree_hash(leaves[:k]), tree_hash(leaves[k:]))


def path(m, leaves):
    """PATH of RFC 6962 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return path(m, leaves[:k]) + [tree_hash(leaves[k:])]
    return path(m - k, leaves[k:]) + [tree_hash(leaves[:k])]


def leaf_of(line):
    """Of a line without line feed: the hash, after checking the one that it carries."""
    content, _, rest = line.rpartition(b',"hash":"')
    hash = leaf_hash(content + b"}")
    if rest != hash.hex().encode() + b'"}':
        raise ValueError("a line carries another hash than its own")
    return hash


def sealed(lines):
    """The same records, numbered and chained anew."""
    previous, out = bytes(32), []
    for number, line in enumerate(lines, 1):
        members = line.partition(b",")[2].rpartition(b',"prev":"')[0]
        content = b'{"seq":%d,%s,"prev":"%s"' % (number, members, previous.hex().encode())
        previous = leaf_hash(content + b"}")
        out.append(content + b',"hash":"' + previous.hex().encode() + b'"}')
    return out


def sealed_alone(line):
    """With the hash that fits, and the number and the hash of the one before that it has."""
    content = line.rpartition(b',"hash":"')[0]
    return content + b',"hash":"' + leaf_hash(content + b"}").hex().encode() + b'"}'


class Key:
    """The private key of a keyring."""

    def __init__(self, pem, name):
        self.private, self.name = load_pem_private_key(pem, None), name
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = sha256(name.encode() + b"\n\1" + public)[:4]
        self.verifier = f"{name}+{self.id.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"

    def checkpoint(self, leaves):
        text = f"{self.name}\n{len(leaves)}\n{base64.b64encode(tree_hash(leaves)).decode()}\n"
        signature = base64.b64encode(self.id + self.private.sign(text.encode())).decode()
        return f"{text}\n\u2014 {self.name} {signature}\n"


class Log:
    """The files of a log."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def files(self):
        """Those that were rotated, in order, and audit.log."""
        return sorted(self.folder.glob("audit*.log"))

    def lines(self):
        return [line for file in self.files() for line in file.read_bytes().splitlines()]

    def leaves(self):
        return [leaf_of(line) for line in self.lines()]

    def write(self, lines):
        """Into as many files, of as many lines, as before; the last has what is left."""
        counts = [len(file.read_bytes().splitlines()) for file in self.files()]
        for file, count in zip(self.files(), counts):
            last = file.name == "audit.log"
            part, lines = (lines, []) if last else (lines[:count], lines[count:])
            file.chmod(0o600)
            file.write_bytes(b"".join(line + b"\n" for line in part))
            if not last and part:
                file.rename(file.with_name("audit-%020d.log" % json.loads(part[0])["seq"]))

    def checkpoints(self):
        """(size, root) of each."""
        text = (self.folder / "audit.checkpoints").read_text()
        heads = [note.split("\n") for note in text.split("\n\n")[::2] if note]
        return [(int(size), base64.b64decode(root)) for _, size, root in heads]

    def sign(self, key, sizes):
        """New checkpoints in place of all that there are."""
        leaves = self.leaves()
        notes = [key.checkpoint(leaves[:size]) for size in sizes]
        (self.folder / "audit.checkpoints").write_text("".join(note + "\n" for note in notes))
        (self.folder / "audit.checkpoint").write_text(notes[-1])
