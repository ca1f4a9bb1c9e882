"""An audit log as it was made: another program finds the same tree and proofs in it, and an auditor nothing wrong."""

import base64
import json
import os
import shutil
import unittest

from audit_case import ORIGIN, PROGRAM, AuditTest, run
from audit_log import path, sealed_alone, tree_hash


class Untouched(AuditTest):
    def test_tree_and_checkpoints_are_those_of_another_program(self):
        leaves = self.log.leaves()
        self.assertGreater(len(self.log.files()), 3)
        self.assertEqual([root for _, root in self.log.checkpoints()],
                         [tree_hash(leaves[:size]) for size, _ in self.log.checkpoints()])
        answer = json.loads(self.assert_sound("--json"))
        self.assertEqual(answer["root_hash"], tree_hash(leaves).hex())
        self.assertEqual(answer["records"], len(leaves))
        self.assertEqual(answer["checkpoints"], len(self.log.checkpoints()))
        self.assertEqual(answer["checkpointed"], self.held_size)

    def test_the_key_may_be_given_in_pem(self):
        shutil.copy(self.keyring / "audit.pub", self.verifier)
        self.assert_sound()

    def test_without_a_key_only_the_chain_is_looked_at(self):
        self.assertIn("no signature was looked at", self.assert_sound(key=False, checkpoint=False))

    def test_old_files_may_be_archived_if_the_auditor_knows(self):
        first, second = self.log.files()[:2]
        for path in (first, first.with_suffix(".index")):
            path.unlink()
        begins = json.loads(second.read_bytes().splitlines()[0])["seq"]
        self.assert_found("record 1: is not here, and so are those up to", f"--first {begins}")
        self.assertIn(f"records 1 to {begins - 1} are not here", self.assert_sound("--first", begins))
        second.with_suffix(".index").unlink()
        done = self.verify("--first", begins)
        self.assertEqual(done.returncode, 1)
        self.assertIn(".index: is missing or damaged", done.stderr)

    def test_the_index_is_not_believed(self):
        for index in self.log.folder.glob("*.index"):
            index.chmod(0o600)
            index.write_bytes(b"PTCLIDX1" + os.urandom(1000))
        self.assert_sound()


class ProofOfInclusion(AuditTest):
    def prove(self, record):
        return run(PROGRAM, "audit", "prove", "--log", self.log.folder, "--record", record)

    def test_every_proof_is_that_of_another_program_and_holds_without_the_log(self):
        leaves, lines = self.log.leaves()[:self.held_size], self.log.lines()
        for record in [*range(1, self.held_size, 97), 256, 257, 512, self.held_size]:
            with self.subTest(record=record):
                done = self.prove(record)
                self.assertEqual(done.returncode, 0, done.stderr)
                proof = json.loads(done.stdout)
                self.assertEqual(proof["line"].encode(), lines[record - 1])
                self.assertEqual([base64.b64decode(hash) for hash in proof["path"]], path(record - 1, leaves))
                self.assertEqual(proof["checkpoint"], self.held.read_text())
                file = self.folder / "proof.json"
                file.write_text(done.stdout)
                checked = run(PROGRAM, "audit", "verify", "--proof", file, "--key", self.verifier)
                self.assertEqual(checked.returncode, 0, checked.stderr)
                self.assertIn(f"record {record} is in the log {ORIGIN} of {self.held_size} records", checked.stdout)

    def test_a_damaged_index_only_costs_time(self):
        expected = self.prove(300).stdout
        for index in self.log.folder.glob("*.index"):
            index.chmod(0o600)
            content = index.read_bytes()
            index.write_bytes(content[:16] + bytes(byte ^ 1 for byte in content[16:]))
        self.assertEqual(self.prove(300).stdout, expected)
        for index in self.log.folder.glob("*.index"):
            index.unlink()
        self.assertEqual(self.prove(300).stdout, expected)

    def test_with_old_files_archived_the_others_are_proved(self):
        expected = self.prove(600).stdout
        first = self.log.files()[0]
        for file in (first, first.with_suffix(".index")):
            file.unlink()
        self.assertEqual(self.prove(600).stdout, expected)
        done = self.prove(5)
        self.assertEqual(done.returncode, 1)
        self.assertIn("record 5 is not here", done.stderr)

    def test_no_other_proof_holds(self):
        proof = json.loads(self.prove(300).stdout)
        other = json.loads(self.prove(301).stdout)
        forged = {
            "its path does not lead to the root": {"path": other["path"]},
            "its line does not have the hash": {"line": proof["line"].replace("PACS", "PUCS")},
            "or the number that it carries": {"line": other["line"]},
            "the signature of the checkpoint is wrong": {
                "checkpoint": proof["checkpoint"].replace(ORIGIN + "\n", ORIGIN + "2\n")},
            "is not a proof": {"index": 300}}
        for what, change in forged.items():
            with self.subTest(what):
                file = self.folder / "proof.json"
                file.write_text(json.dumps({**proof, **change}))
                done = run(PROGRAM, "audit", "verify", "--proof", file, "--key", self.verifier)
                self.assertEqual(done.returncode, 1)
                self.assertIn(what, done.stderr)

    def test_a_record_that_was_changed_is_not_proved(self):
        lines = self.log.lines()
        for what, change in {"was changed": lambda line: line.replace(b"PACS", b"PUCS"),
                             "its path does not lead to the root": lambda line: sealed_alone(
                                 line.replace(b"PACS", b"PUCS"))}.items():
            with self.subTest(what):
                self.log.write([*lines[:299], change(lines[299]), *lines[300:]])
                done = self.prove(300)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(what, done.stderr)
                self.assertIn("see portcullis audit verify", done.stderr)

    def test_what_no_checkpoint_speaks_of_yet_is_not_proved(self):
        done = self.prove(self.held_size + 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"the latest is of records 1 to {self.held_size}", done.stderr)


if __name__ == "__main__":
    unittest.main()
