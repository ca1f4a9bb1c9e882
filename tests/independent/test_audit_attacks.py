"""An auditor against somebody with root: whoever edits, deletes, inserts, reorders, truncates, replaces or rolls back
the log is found out, with and without the key that signs it, and the answer says by name what was done."""

import json
import os
import shutil
import unittest

from audit_case import ORIGIN, PROGRAM, AuditTest, make_log, run
from audit_log import Key, sealed


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

    def report(self):
        day = json.loads(self.log.lines()[299])["time"][:10]
        return run(PROGRAM, "audit", "report", "--log", self.log.folder, "--day", day, "--text")

    def test_the_report_of_the_day_tells_of_it(self):
        whole = self.report()
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertIn("unbroken", whole.stdout)
        self.assertIn(f"up to record {self.held_size}", " ".join(whole.stdout.split()))
        lines = self.change()
        self.log.write(lines)
        self.assertIn("record 300 was changed", self.report().stderr)
        self.log.write(sealed(lines))
        found = self.report()
        self.assertEqual(found.returncode, 1)
        self.assertIn("not the records of the checkpoint in", found.stderr)
        self.assertIn("THE CHAIN OF THE DAY IS BROKEN", found.stdout)

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
        done = run(PROGRAM, "audit", "search", "--log", self.log.folder, "--user", "nobody")
        self.assertEqual((done.returncode, done.stdout), (0, "no such record\n"))

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

    def test_a_file_in_the_middle_emptied(self):
        victim = self.log.files()[1]
        begins = int(victim.stem.removeprefix("audit-"))
        victim.chmod(0o600)
        victim.write_bytes(b"")
        self.assert_found(f"record {begins}: is missing, and so are those up to", f"{victim.name} is empty")

    def test_a_file_in_the_middle_truncated_inside_a_record(self):
        victim = self.log.files()[1]
        victim.chmod(0o600)
        victim.write_bytes(victim.read_bytes()[:-30])
        self.assert_found("is torn")
        done = run(PROGRAM, "audit", "search", "--log", self.log.folder, "--user", "nobody")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is torn; see portcullis audit verify", done.stderr)

    def test_a_file_added(self):
        victim = self.log.files()[0]
        lines = victim.read_bytes().splitlines()
        forged = self.log.folder / f"audit-{51:020}.log"
        forged.write_bytes(b"".join(line.replace(b'"address":"10.', b'"address":"99.') + b"\n" for line in lines[50:]))
        self.assert_found(f"{forged}: is no part of the log: no file of it begins with record 51")

    def test_old_files_archived_and_what_came_before_the_rest_forged(self):
        """The index of the oldest file is then all that tells of them."""
        lines = self.log.lines()
        self.log.write(sealed(lines[0] if b'"event":"checkpoint"' in line else line for line in lines))
        self.log.sign(self.key, [100])
        gone, oldest = self.log.files()[:2]
        for path in (gone, gone.with_suffix(".index")):
            path.unlink()
        line = json.loads(oldest.read_bytes().splitlines()[0])
        first, subtrees = line["seq"], (line["seq"] - 1).bit_count()
        index = oldest.with_suffix(".index")
        index.chmod(0o600)
        index.write_bytes(b"PTCLIDX1" + first.to_bytes(8, "big") + bytes.fromhex(line["prev"]) +
                          os.urandom(32 * subtrees))
        done = self.verify("--first", first, checkpoint=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(f"no checkpoint shows that what came before record {first} is true", done.stderr)
        self.assertEqual(self.verify("--first", first, key=False, checkpoint=False).returncode, 0)

    def test_a_record_forged_that_tells_of_a_checkpoint(self):
        lines = self.log.lines()
        self.log.write(sealed([*lines, b'{"seq":1,"time":"2026-11-29T12:00:00.000Z","event":"checkpoint",'
                                       b'"size":"99999999999999999999999","note":"x","prev":""}']))
        self.assert_found(f"record {len(lines) + 1}: tells of what is no checkpoint")

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
