"""Nothing of any value that carries images stands in the sealed form of any real file, and viewers see noise."""

import math
import re

from harness import *
from offline import OfflineTest, real_folders
from samples import BULK_PLACES, ENCODINGS, KINDS, PYDICOM, bulk_at, laden, path_of

VIEWERS = ("dcm2pnm", "dcmj2pnm")  # the first takes native pixels and RLE, the second JPEG, too
RAW = {b"P5": 1, b"P6": 3}  # samples of a pixel


class Picture:
    """Brightness of every pixel, of a binary PGM or PPM of 8 bits."""

    def __init__(self, content):
        kind, size, most, samples = content.split(b"\n", 3)
        if most != b"255":
            raise ValueError(f"{most} levels")
        self.size, step = tuple(map(int, size.split())), RAW[kind]
        parts = [samples[part::step] for part in range(step)]
        self.pixels = parts[0] if step == 1 else [sum(pixel) for pixel in zip(*parts)]

    def correlation(self, other):
        """Of Pearson; 0 where one of them is of one value."""
        count = len(self.pixels)
        mean, other_mean = sum(self.pixels) / count, sum(other.pixels) / count
        mine = [value - mean for value in self.pixels]
        theirs = [value - other_mean for value in other.pixels]
        spread = math.sqrt(sum(value * value for value in mine) * sum(value * value for value in theirs))
        return sum(map(lambda a, b: a * b, mine, theirs)) / spread if spread > 0 else 0.0


class RealFiles(OfflineTest):
    def folders(self):
        laden(self.images)
        return [*real_folders(), self.images]

    def seal_all(self, folder, into):
        """(original, sealed) of all that was sealed of a folder."""
        self.forget(into)
        _, states = self.offline.states("seal", folder, "--output", self.folder / into)
        return [(path, self.folder / into / path.relative_to(folder))
                for path, state in sorted(states.items()) if state["state"] == "sealed"]

    def test_no_run_of_bytes_survives(self):
        found, files = [0, 0, 0], 0
        for folder in self.folders():
            for original, sealed in self.seal_all(folder, "sealed"):
                with self.subTest(file=str(original)):
                    done = run_judge("dicom_leak_anywhere", original, sealed)
                    self.assertEqual(done.status, 0, str(done))
                    counts = list(map(int, re.findall(r"\d+", done.output.splitlines()[-1])))
                    found = [sum(pair) for pair in zip(found, counts, strict=True)]
                    files += 1
        values, sought, shared = found
        print(f"{values} values of {files} files, {sought} bytes; {shared} with runs that also stand in readable ones")
        self.assertGreater(values, files + len(ENCODINGS) * len(BULK_PLACES))
        self.assertGreater(files, 70)

    def test_the_judge_finds_what_is_there(self):
        for image in [PYDICOM / name for name in KINDS] + laden(self.images):
            with self.subTest(image.name):
                done = run_judge("dicom_leak_anywhere", image, image)
                self.assertEqual(done.status, 1, str(done))

    def test_the_judge_finds_every_value(self):
        image = laden(self.images)[0]
        self.assert_ran("seal", image, "--output", self.folder / "sealed")
        sealed, leaking = self.folder / "sealed" / image.name, self.folder / "leaking.dcm"
        for place in BULK_PLACES:
            with self.subTest(place):
                leaking.write_bytes(sealed.read_bytes() + bulk_at(place)[101:117])
                done = run_judge("dicom_leak_anywhere", image, leaking)
                self.assertEqual(done.status, 1, str(done))
                self.assertIn(path_of(place), done.output)

    def test_viewers_see_noise(self):
        nothing = noise = 0
        for folder in real_folders():
            for original, sealed in self.seal_all(folder, "sealed"):
                for viewer in VIEWERS:
                    picture = self.picture(viewer, original)
                    if picture is None:
                        continue
                    with self.subTest(viewer=viewer, file=str(original)):
                        shown = self.picture(viewer, sealed)
                        if shown is None:
                            nothing += 1
                            continue
                        noise += 1
                        if not self.is_noise(picture, shown):  # so is chance, once in 15000; never twice
                            self.assertTrue(self.is_noise(picture, self.picture(viewer, self.seal_anew(original))))
        print(f"nothing {nothing} times, noise {noise} times")
        self.assertGreater(min(nothing, noise), 10)

    def seal_anew(self, original):
        """Under other keys."""
        self.forget("again")
        self.assert_ran("seal", original, "--output", self.folder / "again")
        return self.folder / "again" / original.name

    def is_noise(self, picture, shown):
        self.assertEqual(picture.size, shown.size)
        return abs(picture.correlation(shown)) <= 4 / math.sqrt(len(picture.pixels))

    def picture(self, viewer, image):
        """Of the first frame; None if the viewer shows nothing."""
        file = self.folder / "picture.pnm"
        file.unlink(missing_ok=True)
        done = run([viewer, "--write-raw-pnm", image, file])
        return Picture(file.read_bytes()) if done.status == 0 and file.exists() else None


if __name__ == "__main__":
    unittest.main()
