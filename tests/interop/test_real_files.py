"""Every real file that a storescu can send: scanner, gateway, archive, gateway, viewer."""

import re

from harness import *
from offline import by_path, real_folders
from profiles import archive_of
from table import Row, count_kinds, print_table
from tools import sop_class_uid


def last_word(answer):
    """Why a tool of DCMTK did not do it."""
    lines = re.findall(r"^[EF]: (.*)$", answer, re.MULTILINE)
    return lines[-1] if lines else answer.strip().splitlines()[-1]


class RealFiles(GatewayTest):
    def test_dcmqrscp(self):
        files = self.renewed_files()
        kinds = {(sop_class_uid(file), transfer_syntax(file)) for file in files.values()}
        self.check(files, Dcmqrscp, profiles=archive_of(self.folder / "profiles.cfg", kinds))

    def test_orthanc(self):
        self.check(self.renewed_files(), Orthanc)

    def renewed_files(self):
        """Original -> copy, each a study of its own. What a storescu could not send is told of."""
        self.rows, files = [], {}
        (self.folder / "images").mkdir()
        for folder in real_folders():
            for path in sorted(folder.glob("*.dcm")):
                copy = self.folder / "images" / f"{len(files)}.dcm"
                done = run_judge("dicom_new_uid", path, copy, "--study", "new", "--series", "new")
                if done.status != 0:
                    self.rows.append(Row(path.name, transfer_syntax(path), None, f"not sent: {last_word(done.output)}"))
                elif not value_of(copy, "0008,0016"):
                    self.rows.append(Row(path.name, transfer_syntax(path), None, "not sent: no SOP Class UID"))
                else:
                    files[path] = copy
        return files

    def check(self, files, make_archive, **options):
        self.start_stack(make_archive, **options)
        self.direct = self.start(make_archive(self.folder / "direct", {}, **options))
        sent = {}
        for path, image in files.items():
            answer = self.caller("SCANNER").store_as_it_is(image, sop_class_uid(image))
            if answer.statuses() == [0]:
                sent[path] = image
            else:
                self.assert_refused_directly(image, answer)
                self.rows.append(Row(path.name, transfer_syntax(image), None,
                                     f"refused by the archive: {last_word(answer.finished.output)}"))
        stored = self.archive.stored()
        self.assertEqual(set(stored), {sop_instance_uid(image) for image in sent.values()})
        inspected = by_path(self.gateway.command("inspect", "--json", *stored.values()))
        for path, image in sent.items():
            with self.subTest(path.name):
                self.assert_moved(self.move(image), 1)
                self.assert_received(image, self.viewer.received())
                told = inspected[stored[sop_instance_uid(image)]]
                self.rows.append(Row(path.name, transfer_syntax(image), told.get("envelope"), "equal"))
        print_table(make_archive.__name__, self.rows)
        self.assertGreater(count_kinds(self.rows)["equal"], 60)
        self.assert_audit_verifies()

    def assert_refused_directly(self, image, through):
        """By the archive, not by the gateway before it."""
        answer = Peer("SCANNER", self.direct.port).store_as_it_is(image, sop_class_uid(image))
        self.assertNotEqual(answer.statuses(), [0], f"{image}\n{through}")


if __name__ == "__main__":
    unittest.main()
