"""The registry against the archive itself: rebuilt from it by C-MOVE or C-GET, and compared with it by C-FIND."""

import json
import sqlite3
from contextlib import closing

from harness import *


class ArchiveTest(GatewayTest):
    def start_and_store(self, make_archive=Dcmqrscp, images=None, **options):
        self.start_stack(make_archive, **options)
        self.images = images or real_images(self.folder / "images")
        self.store(self.images)

    def lose_registry(self):
        """All of it: the journal has forgotten what it knew."""
        self.gateway.stop()
        self.gateway.start()
        self.gateway.stop()
        lost = list(self.gateway.folder.glob("registry.db*"))
        self.assertTrue(lost)
        for path in lost:
            path.unlink()

    def rebuild(self, *words):
        return self.gateway.command("registry", "rebuild", "--archive", "main", *words)

    def reconcile(self, status, *words):
        done = self.gateway.command("registry", "reconcile", *words)
        self.assertEqual(done.status, status, str(done))
        return done.output

    def assert_rebuilt(self, done, added, known=0):
        self.assertEqual(done.status, 0, str(done))
        self.assertIn(f"{added} added, {known} known already, 0 not sealed, 0 refused, 0 studies failed", done.output)

    def assert_all_open(self):
        self.gateway.start()
        for image in self.images:
            with self.subTest(image.name):
                answer = self.move(image)
                self.assertEqual(answer.final_status(), 0, str(answer))
                self.assertEqual(answer.count("Failed"), 0, str(answer))
                self.assert_received(image, self.viewer.received())
        self.assert_audit_verifies()


class Rebuild(ArchiveTest):
    def test_from_dcmqrscp(self):
        self.start_and_store()
        self.lose_registry()
        count = len(self.images)
        self.assert_rebuilt(self.rebuild(), count)
        self.assert_rebuilt(self.rebuild(), 0, count)
        for image in self.images:
            self.assertEqual(
                len(self.audit_of("registry", phase="rebuild", sop_instance=sop_instance_uid(image))), 1)
        self.assert_all_open()

    def test_from_orthanc(self):
        self.start_and_store(Orthanc)
        self.lose_registry()
        self.assert_rebuilt(self.rebuild(), len(self.images))
        self.assert_all_open()

    def test_a_study_of_several_transfer_syntaxes(self):
        images = fabricated(self.folder / "images", 3)
        for image, tool in zip(images, ("dcmcjpls", "dcmcrle")):
            done = run([tool, image, image])
            self.assertEqual(done.status, 0, str(done))
        self.start_and_store(images=images)
        self.lose_registry()
        self.assert_rebuilt(self.rebuild(), 3)

    def test_a_registry_from_an_old_backup(self):
        """It has an envelope of every object, but of one the archive holds a later sealing."""
        self.start_and_store(images=fabricated(self.folder / "images", 2))
        self.gateway.stop()
        backup = {path: path.read_bytes() for path in self.gateway.folder.glob("registry.db*")}
        self.gateway.start()
        self.store(self.images[:1])
        self.lose_registry()
        for path, content in backup.items():
            path.write_bytes(content)
        again = sop_instance_uid(self.images[0])
        refused = self.rebuild()
        self.assertEqual(refused.status, 1, str(refused))
        self.assertIn("restore a newer copy if there is one", refused.output)
        self.assertEqual(self.audit_of("registry", phase="rebuild"), [])
        self.assert_rebuilt(self.rebuild("--all"), 1, 1)
        self.assertEqual(len(self.audit_of("registry", phase="gap")), 1)
        self.assertEqual([record["sop_instance"] for record in self.audit_of("registry", phase="rebuild")], [again])
        self.assert_rebuilt(self.rebuild("--all"), 0, 2)
        self.assert_all_open()
        opened = self.audit_of("retrieve", phase="outcome", sop_instance=again)
        self.assertEqual({record.get("superseded") for record in opened}, {None})

    def test_one_study_then_the_rest(self):
        self.start_and_store()
        self.lose_registry()
        study = value_of(self.images[0], "0020,000d")
        self.assert_rebuilt(self.rebuild("--study", study), 1)
        self.assert_rebuilt(self.rebuild(), len(self.images) - 1, 1)

    def test_one_patient(self):
        self.start_and_store()
        self.lose_registry()
        patient = value_of(self.images[0], "0010,0020")
        same = [image for image in self.images if value_of(image, "0010,0020") == patient]
        self.assert_rebuilt(self.rebuild("--patient", patient), len(same))

    def test_by_get_where_the_archive_does_not_know_us(self):
        images = fabricated(self.folder / "images", 2)
        self.start_and_store(images=images)
        self.lose_registry()
        known = self.gateway.configuration.read_text()
        self.gateway.configuration.write_text(known.replace('"move_titles": [\n        "PORTCULLIS"',
                                                            '"move_titles": [\n        "UNKNOWN"'))
        self.assertNotEqual(known, self.gateway.configuration.read_text())
        self.assert_rebuilt(self.rebuild(), 2)
        self.gateway.configuration.write_text(known)
        self.assert_all_open()

    def test_what_was_never_sealed(self):
        self.start_and_store(images=fabricated(self.folder / "images", 1))
        clear = fabricated(self.folder / "clear", 1)
        self.assert_stored(Peer("SCANNER", self.archive.port).store(clear), 1)
        self.lose_registry()
        done = self.rebuild()
        self.assertEqual(done.status, 0, str(done))
        self.assertIn("1 added, 0 known already, 1 not sealed, 0 refused", done.output)

    def test_an_object_that_does_not_come(self):
        self.start_and_store(images=fabricated(self.folder / "images", 2))
        self.lose_registry()
        self.archive.stored()[sop_instance_uid(self.images[1])].unlink()
        done = self.rebuild()
        self.assertEqual(done.status, 1, str(done))
        study = value_of(self.images[0], "0020,000d")
        self.assertIn(f"portcullis: study {study}: 1 of 2 objects of series", done.output)
        self.assertIn("1 added, 0 known already, 0 not sealed, 0 refused, 1 studies failed", done.output)

    def test_an_archive_that_is_down(self):
        self.start_and_store(images=fabricated(self.folder / "images", 1))
        self.gateway.stop()
        self.archive.stop()
        done = self.rebuild()
        self.assertEqual(done.status, 1, str(done))
        self.assertEqual(len(done.output.splitlines()), 1, str(done))
        self.assertIn("no connection to the peer", done.output)

    def test_not_while_the_gateway_runs(self):
        self.start_and_store(images=fabricated(self.folder / "images", 1))
        done = self.rebuild()
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("stop it first", done.output)

    def test_all_is_of_an_archive(self):
        self.start_and_store(images=fabricated(self.folder / "images", 1))
        self.gateway.stop()
        for words in (["--all"], ["--all", self.archive.storage], ["--all", "--archive", "main", self.archive.storage]):
            done = self.gateway.command("registry", "rebuild", *words)
            self.assertEqual(done.status, 2, str(done))

    def test_neither_path_nor_archive(self):
        self.start_and_store(images=fabricated(self.folder / "images", 1))
        self.gateway.stop()
        done = self.gateway.command("registry", "rebuild")
        self.assertEqual(done.status, 2, str(done))
        self.assertEqual(len(done.output.splitlines()), 1, str(done))


class Reconcile(ArchiveTest):
    def wait_for_registry(self, count):
        """That an object is stored is written to the database a moment later."""
        def stored():
            with closing(sqlite3.connect(f"file:{self.gateway.folder}/registry.db?mode=ro", uri=True)) as database:
                return database.execute("select count(*) from object where state = 1").fetchone()[0]
        wait_until(lambda: stored() == count, "the registry")

    def check_deleted(self, delete):
        self.wait_for_registry(len(self.images))
        self.assertIn(", 0 orphan rows, 0 not asked for", self.reconcile(0))
        victim = sop_instance_uid(self.images[1])
        delete(victim)
        for _ in range(2):  # nothing was changed by asking
            output = self.reconcile(1)
            self.assertIn(f"instance {victim}: stored", output)
            self.assertIn("1 orphan row,", output)
        lines = [json.loads(line) for line in self.reconcile(1, "--json").splitlines()]
        self.assertEqual([line["sop_instance"] for line in lines], [victim])
        self.assertEqual(lines[0]["study"], value_of(self.images[1], "0020,000d"))

    def test_dcmqrscp_beside_the_running_gateway(self):
        self.start_and_store(images=fabricated(self.folder / "images", 3))

        def delete(uid):
            self.archive.stored()[uid].unlink()
            self.archive.reindex()
        self.check_deleted(delete)

    def test_orthanc(self):
        self.start_and_store(Orthanc, images=fabricated(self.folder / "images", 3))
        self.check_deleted(self.archive.delete)

    def test_an_object_in_another_study(self):
        """Where the archive was told to merge two studies, nothing is lost."""
        self.start_and_store(Orthanc, images=fabricated(self.folder / "images", 2))
        self.wait_for_registry(2)
        stored = self.archive.stored()[sop_instance_uid(self.images[0])]
        moved = self.folder / "moved.dcm"
        moved.write_bytes(stored.read_bytes())
        done = run(["dcmodify", "-nb", "-m", "(0020,000d)=2.25.1", "-m", "(0020,000e)=2.25.2", moved])
        self.assertEqual(done.status, 0, str(done))
        self.archive.delete(sop_instance_uid(moved))
        self.assert_stored(Peer("SCANNER", self.archive.port).store([moved]), 1)
        self.reconcile(0)

    def test_an_archive_that_refuses_to_search_without_the_study(self):
        """What it was not willing to say is no absence."""
        script = self.folder / "refuse.lua"
        script.write_text("function IncomingFindRequestFilter(query, origin)\n"
                          "  if query['0008,0052'] == 'IMAGE' and query['0020,000d'] == '' then\n"
                          "    error('not without its study')\n"
                          "  end\n"
                          "  return query\n"
                          "end\n")
        self.start_and_store(Orthanc, images=fabricated(self.folder / "images", 2), LuaScripts=[str(script)])
        self.wait_for_registry(2)
        self.assertIn("2 objects in the archive, 0 orphan rows, 0 not asked for", self.reconcile(0))
        victim = sop_instance_uid(self.images[1])
        self.archive.delete(victim)
        output = self.reconcile(1)
        self.assertIn("not where it was stored, and the archive does not say whether it is elsewhere", output)
        self.assertIn(f"instance {victim}: stored", output)
        self.assertIn("1 object in the archive, 0 orphan rows, 1 not asked for", output)
        lines = [json.loads(line) for line in self.reconcile(1, "--json").splitlines()]
        self.assertEqual([(line["sop_instance"], line["held"]) for line in lines], [(victim, "unknown")])

    def test_no_registry(self):
        self.start_and_store(images=fabricated(self.folder / "images", 1))
        self.lose_registry()
        output = self.reconcile(1)
        self.assertEqual(len(output.splitlines()), 1, output)
        self.assertIn("there is none", output)


if __name__ == "__main__":
    unittest.main()
