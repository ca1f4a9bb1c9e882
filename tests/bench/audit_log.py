"""The audit log at size: how fast an auditor verifies all of it, how fast one record is proved to be in it, and how
fast the records of one patient are found."""

import json
import os
import time

from audit_search import measure_search
from measure import head
from processes import build_folder, run

PROGRAM = build_folder() / "gateway" / "portcullis"
FABRICATE = build_folder() / "tests" / "support" / "audit_fabricate"
AIM = 500_000  # records a second
PATIENT = "P1000000"  # the first of those that audit_fabricate makes up


def timed(*words):
    """(seconds, output)"""
    began = time.monotonic()
    done = run([str(word) for word in words], seconds=3600)
    if done.status != 0:
        raise RuntimeError(str(done))
    return time.monotonic() - began, done.output


class Log:
    """A log in a folder, with its keyring; other measurements may use it."""

    def __init__(self, folder, records):
        self.folder, self.keyring = folder / "audit", folder / "keys"
        timed(PROGRAM, "keys", "init", "--keyring", self.keyring)
        self.seconds, _ = timed(FABRICATE, self.folder, records, "--keyring", self.keyring)
        self.files = {path.name: path.stat().st_size for path in self.folder.iterdir()}

    def bytes(self, suffix):
        return sum(size for name, size in self.files.items() if name.endswith(suffix))


def measure_verify(log):
    seconds, output = timed(PROGRAM, "audit", "verify", "--log", log.folder, "--key", log.keyring / "audit.pub",
                            "--checkpoint", log.folder / "audit.checkpoint", "--json")
    records = json.loads(output)["records"]
    return {"records": records, "seconds": seconds, "records_per_second": records / seconds}


def measure_proofs(folder, log, records):
    proof = folder / "proof.json"
    found = {}
    for record in (1, records // 3, records // 2, records - 1):
        proving, _ = timed(PROGRAM, "audit", "prove", "--log", log.folder, "--record", record, "--output", proof)
        checking, _ = timed(PROGRAM, "audit", "verify", "--proof", proof, "--key", log.keyring / "audit.pub")
        found[record] = {"prove_seconds": proving, "check_seconds": checking, "bytes": proof.stat().st_size}
    return found


def measure(folder, chosen):
    head(f"The audit log: {chosen.records:,} records")
    log = Log(folder, chosen.records)
    found = {"write_seconds": log.seconds, "log_bytes": log.bytes(".log"), "index_bytes": log.bytes(".index"),
             "files": sum(name.endswith(".log") for name in log.files)}
    print(f"  {found['log_bytes'] / 1e9:.2f} GB in {found['files']} files, {found['log_bytes'] / chosen.records:.0f} "
         f"bytes a record, indexes {found['index_bytes'] / 1e6:.1f} MB; written in {log.seconds:.0f} s")
    found["verify"] = [measure_verify(log) for _ in range(chosen.rounds or 3)]
    for one in found["verify"]:
        print(f"  verify: {one['seconds']:.1f} s, {one['records_per_second']:,.0f} records/s (aim: {AIM:,}), load "
             f"{os.getloadavg()[0]:.1f}")
    found["proofs"] = measure_proofs(folder, log, chosen.records)
    for record, one in found["proofs"].items():
        print(f"  proof of record {record:,}: made in {one['prove_seconds'] * 1000:.0f} ms, checked in "
             f"{one['check_seconds'] * 1000:.0f} ms, {one['bytes']} bytes")
    found["search"] = measure_search(log.folder, chosen.records, PATIENT)
    return found
