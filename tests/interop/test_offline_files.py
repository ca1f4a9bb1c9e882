"""Every real file comes back as it was, byte for byte, or is refused, left alone and listed."""

from harness import *
from offline import OfflineTest, digests, real_folders
from samples import laden
from table import Row, count_kinds, print_table
from tools import DEFLATED

# Of files that are none, are broken on purpose, or are of a kind that this version does not carry.
KNOWN_REASONS = ("no DICOM file", "transfer syntax", "ends in the middle", "not a value representation")


class RealFiles(OfflineTest):
    def test_round_trip(self):
        every = []
        for folder in [*real_folders(), laden(self.images)[0].parent]:
            self.forget("sealed", "opened")
            rows = self.round_trip(folder)
            print_table(folder, rows)
            every += rows
        results = {str(row.path): row.result for row in every}
        for name, result in {"CT_small.dcm": "identical", "SC_rgb_rle_2frame.dcm": "identical",
                             "ExplVR_BigEnd.dcm": "identical", "laden-bigendian.dcm": "identical", "test-SR.dcm": "nothing to seal",
                             "dicomdirtests/DICOMDIR": "directory"}.items():
            self.assertEqual(results[name], result, name)
        self.assertIn(results["image_dfl.dcm"], ("identical", "same data set"))
        self.assertTrue(results["MR_truncated.dcm"].startswith("refused"))
        self.assertGreater(count_kinds(every)["identical"], 70)

    def round_trip(self, folder):
        """What became of each file."""
        sealed, opened = self.folder / "sealed", self.folder / "opened"
        _, states = self.offline.states("seal", folder, "--output", sealed)
        _, told = self.offline.states("inspect", sealed)
        _, reopened = self.offline.states("open", sealed, "--output", opened)
        originals, stored, returned = digests(folder), digests(sealed), digests(opened)
        self.assertEqual({path.relative_to(folder) for path in states}, set(originals))
        rows = []
        for path, state in sorted((path.relative_to(folder), state) for path, state in states.items()):
            with self.subTest(file=str(path)):
                inspected = told.get(sealed / path, {})
                if state["state"] == "refused":
                    self.assert_left_alone(state["reason"], path, stored)
                    result = f"refused: {state['reason']}"
                else:
                    self.assertEqual(stored[path] == originals[path], state["state"] != "sealed")
                    self.assertEqual(reopened[sealed / path]["state"] == "opened", state["state"] == "sealed")
                    result = self.returned_as(folder / path, opened / path, inspected["transfer_syntax"],
                                              originals[path] == returned[path])
                    if state["state"] != "sealed":
                        self.assertEqual(result, "identical")
                        result = state["state"]
                rows.append(Row(path, inspected.get("transfer_syntax"), inspected.get("envelope"), result))
        self.assertEqual(digests(folder), originals)
        return rows

    def assert_left_alone(self, reason, path, stored):
        """Nothing that could be sealed is refused."""
        self.assertTrue(any(part in reason for part in KNOWN_REASONS), reason)
        self.assertNotIn(path, stored)

    def returned_as(self, original, opened, syntax, identical):
        """Two deflate streams may be of one data set; all else has to be identical."""
        if identical:
            return "identical"
        self.assertEqual(syntax, DEFLATED, str(original))
        self.assert_same(original, opened)
        return "same data set"


if __name__ == "__main__":
    unittest.main()
