"""seal and open of a folder of CTs, beside copying it, and beside copying it through AES-256-GCM.

The peer reads, encrypts and writes each file, in as many processes as there are processors, and does nothing
else: no codec, no envelope, no signature, and what it wrote is not on the disk yet. portcullis is measured as it
is, with every file durable; so the peer is told with a sync behind it, too.
"""

import filecmp
import os
import shutil
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor

from measure import head, summary, tell
from offline import Offline
from processes import run
from samples import fabricated

DISTINCT = 100  # images; the other files are copies of them
# ext4 does not use an inode again for five seconds, and searches for others meanwhile.
REST = 6


def copy_through_gcm(paths):
    """[(from, to)]: each as nonce, ciphertext, tag."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    aead = AESGCM(AESGCM.generate_key(256))
    for source, target in paths:
        nonce = os.urandom(12)
        with open(source, "rb") as file:
            sealed = aead.encrypt(nonce, file.read(), None)
        with open(target, "wb") as file:
            file.write(nonce)
            file.write(sealed)


class Folder:
    def __init__(self, folder, files, cores):
        self.folder, self.cores = folder, cores
        self.images = folder / "images"
        distinct = fabricated(folder / "distinct", min(DISTINCT, files))
        self.images.mkdir()
        for i in range(files):
            shutil.copy(distinct[i % len(distinct)], self.images / f"{i:05}.dcm")
        self.bytes = sum(path.stat().st_size for path in self.images.iterdir())
        self.offline = Offline(folder)

    def out(self, name):
        return self.folder / name

    def cp(self):
        subprocess.run(["cp", "-r", self.images, self.out("cp")], check=True)

    def peer(self, workers):
        self.out("peer").mkdir()
        paths = [(path, self.out("peer") / path.name) for path in sorted(self.images.iterdir())]
        list(workers.map(copy_through_gcm, [paths[i::self.cores] for i in range(self.cores)]))

    def portcullis(self, command, source, target):
        done = self.offline.run(command, self.out(source), "--output", self.out(target), "--jobs", self.cores)
        if done.status != 0:
            raise RuntimeError(str(done))

    def require_same(self):
        names = [path.name for path in self.images.iterdir()]
        _, different, missing = filecmp.cmpfiles(self.images, self.out("opened"), names, shallow=False)
        if different or missing:
            raise RuntimeError(f"not as they were: {(different + missing)[:3]}")

    def clear(self):
        for name in ("cp", "peer", "sealed", "opened"):
            shutil.rmtree(self.out(name))
        os.sync()
        time.sleep(REST)


def seconds(work, *arguments):
    began = time.monotonic()
    work(*arguments)
    return time.monotonic() - began


def measure_round(folder, workers):
    os.sync()
    found = {"cp": seconds(folder.cp)}
    os.sync()
    found["peer"] = seconds(folder.peer, workers)
    found["peer and sync"] = found["peer"] + seconds(os.sync)
    found["seal"] = seconds(folder.portcullis, "seal", "images", "sealed")
    found["open"] = seconds(folder.portcullis, "open", "sealed", "opened")
    folder.require_same()
    folder.clear()
    return found


def measure(folder, chosen):
    cores = len(os.sched_getaffinity(0))
    images = Folder(folder, chosen.files, cores)
    head(f"{chosen.files} CTs in a folder, {images.bytes / 1e9:.2f} GB, {cores} processes or threads; seconds")
    with ProcessPoolExecutor(cores) as workers:
        rounds = [measure_round(images, workers) for _ in range(chosen.rounds or 3)]
    found = {name: summary([one[name] for one in rounds]) for name in rounds[0]}
    labels = {"cp": "cp -r, one process", "peer": "copied through AES-256-GCM", "peer and sync": "  and then sync",
              "seal": "portcullis seal, durable", "open": "portcullis open, durable"}
    for name, label in labels.items():
        tell(label, found[name])
    for name in ("seal", "open"):
        for peer in ("peer", "peer and sync"):
            ratio = summary([one[peer] / one[name] for one in rounds])
            found[f"{name} to {peer}"] = ratio
            tell(f"speed of {name} to that of the {peer}", ratio)
    return {"files": chosen.files, "bytes": images.bytes, "cores": cores, **found}
