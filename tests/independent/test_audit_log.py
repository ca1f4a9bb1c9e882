"""An auditor against somebody with root: whoever edits, deletes, inserts, reorders, truncates, replaces or rolls back
the log is found out, with and without the key that signs it, and the answer says by name what was done. The auditor has
the public key and one checkpoint that was kept elsewhere."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from audit_log import Key, Log, path, sealed, tree_hash

BUILD = Path(os.environ.get("PORTCULLIS_BUILD", Path(__file__).resolve().parents[2] / "build" / "release"))
PROGRAM = BUILD / "gateway" / "portcullis"
FABRICATE = BUILD / "tests" / "support" / "audit_fabricate"
ORIGIN = "portcullis/audit/gate-1"
RECORDS = 700  # besides those of checkpoints


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120)


def make_log(folder, records=RECORDS, keyring=None, **options):
    done = run(FABRICATE, folder, records, "--keyring", keyring, "--checkpoint", 100, "--rotate", 60_000,
               *(word for name, value in options.items() for word in (f"--{name}", value)))
    if done.returncode != 0:
        raise RuntimeError(done.stderr)


class AuditTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory(prefix="portcullis-auditor-")
        root = Path(cls.made.name)
        for keyring in ("keys", "other-keys"):
            if run(PROGRAM, "keys", "init", "--keyring", root / keyring).returncode != 0:
                raise RuntimeError(keyring)
        make_log(root / "audit", keyring=root / "keys")
        cls.original = root / "audit"
        cls.keyring = root / "keys"

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="portcullis-auditor-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        shutil.copytree(self.original, self.folder / "audit")
        self.log = Log(self.folder / "audit")
        self.key = Key((self.keyring / "audit.key").read_bytes(), ORIGIN)
        # What the auditor has, elsewhere.
        self.verifier = self.folder / "gate-1.key"
        self.verifier.write_text(self.key.verifier + "\n")
        self.held = self.folder / "held.checkpoint"
        shutil.copy(self.log.folder / "audit.checkpoint", self.held)
        self.held_size = int(self.held.read_text().split("\n")[1])

    def verify(self, *words, key=True, checkpoint=True):
        return run(PROGRAM, "audit", "verify", "--log", self.log.folder,
                   *(("--key", self.verifier) if key else ()),
                   *(("--checkpoint", self.held) if checkpoint else ()), *words)

    def assert_found(self, *parts, **how):
        done = self.verify(**how)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def assert_sound(self, *words, **how):
        done = self.verify(*words, **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout


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

    def test_what_no_checkpoint_speaks_of_yet_is_not_proved(self):
        done = self.prove(self.held_size + 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"the latest is of records 1 to {self.held_size}", done.stderr)


class Attack(AuditTest):
    """Each as a root user would do it who knows nothing of hashes, then with all hashes written anew, then with the
    checkpoints signed anew, too, by the gateway's own key."""

    def change(self, victim=300):
        lines = self.log.lines()
        lines[victim - 1] = lines[victim - 1].replace(b'"address":"10.', b'"address":"99.')
        return lines

    def sizes_up_to(self, size):
        """Of the checkpoints."""
        return [one for one, _ in self.log.checkpoints() if one <= size]

    def assert_found_by_the_checkpoint(self, lines):
        """Hashes and numbers fit again. Then the checkpoints do, too, and no record tells of others: what is left to
        find it by is the one that was kept elsewhere."""
        self.log.write(sealed(lines))
        self.assert_found("not the records of the checkpoint", "all hashes written anew")
        lines = sealed(lines[0] if b'"event":"checkpoint"' in line else line for line in lines)
        self.log.write(lines)
        self.log.sign(self.key, self.sizes_up_to(len(lines)))
        self.assert_sound(checkpoint=False)
        self.assert_found("not the records of the checkpoint in " + str(self.held)
                          if len(lines) >= self.held_size else f"the log ends after record {len(lines)}")

    def test_edited(self):
        self.log.write(self.change())
        self.assert_found("record 300: was changed")

    def test_edited_with_all_hashes_anew(self):
        self.assert_found_by_the_checkpoint(self.change())

    def test_deleted(self):
        lines = self.log.lines()
        del lines[299]
        self.log.write(lines)
        self.assert_found("record 300: is missing: record 301 stands in its place")

    def test_several_deleted(self):
        lines = self.log.lines()
        del lines[299:310]
        self.log.write(lines)
        self.assert_found("record 300: is missing, and so are those up to 310")

    def test_deleted_with_all_hashes_anew(self):
        lines = self.log.lines()
        del lines[299]
        self.assert_found_by_the_checkpoint(lines)

    def test_reordered(self):
        lines = self.log.lines()
        lines[299], lines[400] = lines[400], lines[299]
        self.log.write(lines)
        self.assert_found("record 300: was moved: record 401 stands in its place")

    def test_reordered_with_all_hashes_anew(self):
        lines = self.log.lines()
        lines[299], lines[400] = lines[400], lines[299]
        self.assert_found_by_the_checkpoint(lines)

    def test_inserted(self):
        lines = self.log.lines()
        lines.insert(300, lines[299])
        self.log.write(lines)
        self.assert_found("record 301: was inserted or moved")

    def test_inserted_with_a_hash_that_fits(self):
        lines = self.log.lines()
        forged = sealed(lines[:300] + [lines[10]])[-1]
        lines.insert(300, forged)
        self.log.write(lines)
        self.assert_found("record 302: was inserted or moved")

    def test_inserted_with_all_hashes_anew(self):
        lines = self.log.lines()
        lines.insert(300, lines[10])
        self.assert_found_by_the_checkpoint(lines)

    def test_truncated_at_the_end(self):
        lines = self.log.lines()[:650]
        self.log.write(lines)
        self.assert_found("record 651: is missing: the log ends after record 650", "cut off",
                          f"is of {self.held_size} records")
        self.assert_found("the log ends after record 650", checkpoint=False)  # the folder's own say so, too
        self.log.sign(self.key, [*self.sizes_up_to(649), 650])
        self.assert_sound(checkpoint=False)
        self.assert_found("record 651: is missing: the log ends after record 650", str(self.held))

    def test_truncated_inside_a_record(self):
        last = self.log.folder / "audit.log"
        last.write_bytes(last.read_bytes()[:-30])
        self.assert_found("is torn")

    def test_the_last_file_emptied_or_removed(self):
        begins = json.loads((self.log.folder / "audit.log").read_bytes().splitlines()[0])["seq"]
        (self.log.folder / "audit.log").write_bytes(b"")
        self.assert_found(f"record {begins}: is missing: the log ends after record {begins - 1}")
        (self.log.folder / "audit.log").unlink()
        self.assert_found(f"record {begins}: is missing: the log ends after record {begins - 1}")
        self.log.sign(self.key, [*self.sizes_up_to(begins - 2), begins - 1])
        self.assert_found(f"record {begins}: is missing: the log ends after record {begins - 1}", str(self.held))

    def test_a_file_in_the_middle_removed(self):
        victim = self.log.files()[1]
        begins = int(victim.stem.removeprefix("audit-"))
        victim.unlink()
        self.assert_found(f"record {begins}: is missing, and so are those up to", f"there is no {victim.name}")

    def test_a_file_in_the_middle_removed_with_all_hashes_anew(self):
        victim = self.log.files()[1]
        lines = self.log.files()[0].read_bytes().splitlines()
        for file in self.log.files()[2:]:
            lines += file.read_bytes().splitlines()
        victim.unlink()
        self.assert_found_by_the_checkpoint(lines)

    def test_the_first_file_removed(self):
        first = self.log.files()[0]
        first.unlink()
        self.assert_found("record 1: is not here, and so are those up to")

    def test_a_file_doubled(self):
        victim = self.log.files()[1]
        (self.log.folder / "audit.log").write_bytes(victim.read_bytes())
        self.assert_found("was inserted or moved")

    def replace(self, **options):
        shutil.rmtree(self.log.folder)
        make_log(self.log.folder, 900, **{"keyring": self.keyring, **options})

    def test_replaced_by_another_log_of_the_same_gateway(self):
        self.replace()
        self.assert_sound(checkpoint=False)
        self.assert_found("not the records of the checkpoint in " + str(self.held), "the log was replaced")

    def test_replaced_by_the_log_of_another_gateway(self):
        self.replace(gateway="gate-2")
        self.assert_found("is of another log: its origin is", "portcullis/audit/gate-2")

    def test_replaced_and_signed_with_another_key(self):
        self.replace(keyring=self.keyring.parent / "other-keys")
        self.assert_found("is not signed by the key that was given, but by another")

    def test_rolled_back_to_an_old_copy(self):
        self.replace()
        shutil.copytree(self.log.folder, self.folder / "old")
        make_log(self.log.folder, 300, keyring=self.keyring)
        shutil.copy(self.log.folder / "audit.checkpoint", self.held)
        self.assert_sound()
        shutil.rmtree(self.log.folder)
        shutil.copytree(self.folder / "old", self.log.folder)
        self.assert_sound(checkpoint=False)
        self.assert_found("the log ends after record", "replaced by an old copy", str(self.held))

    def test_checkpoints_removed(self):
        for name in ("audit.checkpoint", "audit.checkpoints"):
            (self.log.folder / name).unlink()
        self.assert_found("which was removed from", checkpoint=False)
        self.assert_found("which was removed from")

    def test_the_last_checkpoint_removed(self):
        notes = (self.log.folder / "audit.checkpoints").read_text().split("\n\n")
        (self.log.folder / "audit.checkpoints").write_text("\n\n".join(notes[:-3]) + "\n\n")
        self.assert_found("which is in audit.checkpoint, was removed", checkpoint=False)
        (self.log.folder / "audit.checkpoint").write_text("\n\n".join(notes[-5:-3]) + "\n")
        self.assert_found("which was removed from", checkpoint=False)

    def test_checkpoints_and_what_tells_of_them_removed(self):
        lines = [line for line in self.log.lines() if b'"event":"checkpoint"' not in line]
        self.log.write(sealed(lines))
        for name in ("audit.checkpoint", "audit.checkpoints"):
            (self.log.folder / name).unlink()
        self.assert_found("there is no checkpoint, though a key was given", checkpoint=False)

    def test_a_checkpoint_changed(self):
        path = self.log.folder / "audit.checkpoints"
        path.write_text(path.read_text().replace(f"{ORIGIN}\n100\n", f"{ORIGIN}\n101\n"))
        self.assert_found("the checkpoint of 101 records was changed: its signature is wrong", checkpoint=False)

    def test_a_checkpoint_forged_with_another_key(self):
        other = Key((self.keyring.parent / "other-keys" / "audit.key").read_bytes(), ORIGIN)
        self.log.write(sealed(self.change()))
        self.log.sign(other, [100, 650])
        self.assert_found("is not signed by the key that was given, but by another")


if __name__ == "__main__":
    unittest.main()
