"""seal, open and inspect of files and folders: what they do, what they refuse, and what they tell."""

import json
import os
from pathlib import Path

from deeds import exchange_pixels, flip_bit
from harness import *
from offline import OfflineTest, digest, digests, leftovers
from samples import BULK_PLACES, PYDICOM, laden, path_of

INDEPENDENT = Path(__file__).parents[1] / "independent" / "portcullis_independent.py"


class Folders(OfflineTest):
    def test_in_place_and_back(self):
        images = self.take("CT_small.dcm", "JPEG2000.dcm", "test-SR.dcm")
        images[0].chmod(0o640)
        os.utime(images[0], ns=(10**18, 10**18 + 1))
        before = digests(self.images)
        done = self.assert_ran("seal", self.images, "--in-place")
        self.assertIn("2 sealed, 0 already sealed, 1 nothing to seal, 0 refused", done.output)
        sealed = digests(self.images)
        self.assertEqual([name for name in before if sealed[name] == before[name]], [Path("test-SR.dcm")])
        status = images[0].stat()
        self.assertEqual((status.st_mode & 0o7777, status.st_mtime_ns), (0o640, 10**18 + 1))
        for image in images[:2]:
            self.assert_no_leak(PYDICOM / image.name, image)
        again = self.assert_ran("seal", self.images, "--in-place")
        self.assertIn("0 sealed, 2 already sealed, 1 nothing to seal, 0 refused", again.output)
        self.assertEqual(digests(self.images), sealed)
        self.assert_ran("open", self.images, "--in-place")
        self.assertEqual(digests(self.images), before)
        self.assertEqual(images[0].stat().st_mtime_ns, 10**18 + 1)

    def test_an_interrupted_output_is_completed(self):
        self.take("CT_small.dcm", "MR_small.dcm", "test-SR.dcm")
        sealed, opened = self.folder / "sealed", self.folder / "opened"
        self.assert_ran("seal", self.images, "--output", sealed)
        first = digests(sealed)
        (sealed / "MR_small.dcm").unlink()
        (sealed / ".MR_small.dcm.portcullis-a1B2c3").write_text("what a killed run leaves")
        done = self.assert_ran("seal", self.images, "--output", sealed)
        self.assertIn("1 sealed", done.output)
        self.assertIn("2 done before", done.output)
        self.assertEqual(leftovers(sealed), [])
        self.assertEqual(digests(sealed)[Path("CT_small.dcm")], first[Path("CT_small.dcm")])
        self.assert_ran("open", sealed, "--output", opened)
        self.assertIn("3 done before", self.assert_ran("open", sealed, "--output", opened).output)
        self.assertEqual(digests(opened), digests(self.images))

    def test_what_stands_in_the_output_is_not_replaced(self):
        self.take("CT_small.dcm", "MR_small.dcm")
        sealed = self.folder / "sealed"
        sealed.mkdir()
        (sealed / "CT_small.dcm").write_bytes((self.images / "CT_small.dcm").read_bytes())
        before = (sealed / "CT_small.dcm").read_bytes()
        done = self.offline.run("seal", self.images, "--output", sealed)
        self.assert_refused(done, "CT_small.dcm", "is not what an earlier run made of it")
        self.assertEqual((sealed / "CT_small.dcm").read_bytes(), before)
        self.assertTrue((sealed / "MR_small.dcm").exists())

    def test_names_of_any_bytes(self):
        image, = self.take("CT_small.dcm")
        os.rename(image, os.fsencode(self.images) + b"/\xff\n \xc3\xa4")
        before = digests(self.images)
        self.assert_ran("seal", self.images, "--in-place", "--json")
        self.assertNotEqual(digests(self.images), before)
        self.assert_ran("open", self.images, "--in-place")
        self.assertEqual(digests(self.images), before)

    def test_a_file_of_many_blocks(self):
        image, = fabricated(self.images, 1, rows=1024, columns=1024, frames=5)
        sealed = self.folder / "sealed"
        self.assert_ran("seal", image, "--output", sealed)
        self.assertNotEqual(digests(sealed), digests(self.images))
        self.assert_ran("open", sealed, "--in-place")
        self.assertEqual(digests(sealed), digests(self.images))

    def test_configuration(self):
        image, = self.take("CT_small.dcm")
        before = image.read_bytes()
        gateway = Gateway(self.folder / "gateway")
        gateway.configure([("main", "PACS", 104)], [peer("reading-room", "WS1", 104)], ["reading-room"],
                          seal={"codec": "none", "allow": ["none"]})
        gateway.init_keys()
        program = self.offline.command("seal")[0]
        done = run([program, "seal", "--config", gateway.configuration, image, "--in-place"])
        self.assertEqual(done.status, 0, str(done))
        self.assertIn("none version 1", run([program, "inspect", image]).output)
        done = run([program, "open", "--config", gateway.configuration, image, "--in-place"])
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(image.read_bytes(), before)


class Refusals(OfflineTest):
    def test_what_was_changed_is_not_opened(self):
        for name in ("CT_small.dcm", "JPEG2000.dcm"):
            for where in ("pixels", "envelope", "end"):
                with self.subTest(name=name, where=where):
                    self.damage(name, where)

    def damage(self, name, where):
        other = "MR_small.dcm"
        self.forget("images", "sealed", "opened")
        image, _ = self.take(name, other)
        sealed, opened = self.folder / "sealed", self.folder / "opened"
        self.assert_ran("seal", self.images, "--output", sealed)
        if where == "pixels":
            flip_bit(sealed / name)
        content = bytearray((sealed / name).read_bytes())
        if where == "end":
            del content[-2:]
        elif where == "envelope":
            content[content.rindex(b"PORTCULL") + 100] ^= 1
        (sealed / name).write_bytes(content)
        self.assert_refused(self.offline.run("open", sealed, "--output", opened), name)
        self.assertEqual(digests(opened), {Path(other): digest(self.images / other)})
        self.assertEqual(leftovers(opened), [])
        self.assert_refused(self.offline.run("open", sealed, "--in-place"), name)
        self.assertEqual((sealed / name).read_bytes(), content)

    def test_exchanged_pixels(self):
        images = fabricated(self.images, 2, rows=64, columns=64)
        self.assert_ran("seal", self.images, "--in-place")
        exchange_pixels(*images)
        done, states = self.offline.states("open", self.images, "--in-place")
        self.assertEqual(done.status, 1)
        self.assertEqual({file["state"] for file in states.values()}, {"refused"})

    def test_changed_attributes(self):
        image, = self.take("CT_small.dcm")
        self.assert_ran("seal", image, "--in-place")
        sealed = image.read_bytes()
        for change, words in (("(0028,0030)=2\\2", "(0028,0030)"), ("(0028,0010)=64", "image attributes differ")):
            with self.subTest(change=change):
                image.write_bytes(sealed)
                self.assertEqual(run(["dcmodify", "-nb", "-m", change, image]).status, 0)
                self.assert_refused(self.offline.run("open", image, "--in-place"), words)
        image.write_bytes(sealed)
        run(["dcmodify", "-nb", "-m", "(0010,0020)=OTHER", image])
        done = self.assert_ran("open", image, "--in-place")
        self.assertIn("(0010,0020) is not the value that was sealed", done.output)

    def test_usage(self):
        image, = self.take("CT_small.dcm")
        before = digest(image)
        program = self.offline.command("seal")[0]
        for words in (["seal", image, "--in-place"], [*self.offline.command("seal")[1:], image],
                      [*self.offline.command("open", image, "--in-place", "--output", self.folder / "x")[1:]],
                      [*self.offline.command("seal", self.folder / "none", "--in-place")[1:]],
                      [*self.offline.command("seal", self.images, "--output", self.images / "x")[1:]],
                      [*self.offline.command("open", image, "--in-place", "--recovery-key", "k")[1:]],
                      [*self.offline.command("seal", image, "--in-place", "--jobs", "0")[1:]]):
            with self.subTest(words=words):
                done = run([program, *words])
                self.assertEqual((done.status, done.output.count("\n")), (2, 1), str(done))
        self.assertEqual(digests(self.images), {Path("CT_small.dcm"): before})


class Inspection(OfflineTest):
    def test_with_and_without_keys(self):
        native, rle, report = self.take("CT_small.dcm", "SC_rgb_rle_2frame.dcm", "test-SR.dcm")
        self.assert_ran("seal", self.images, "--in-place")
        program = self.offline.command("inspect")[0]
        for keys in ([], ["--keyring", self.offline.keyring]):
            done = run([program, "inspect", *keys, self.images])
            self.assertEqual(done.status, 0, str(done))
            self.assertEqual(done.output.count("verified "), 2 if keys else 0)
        _, told = self.offline.states("inspect", self.images)
        envelope = told[native]["envelope"]
        self.assertEqual((envelope["mode"], envelope["codec"], envelope["tenant"]), ("key", "rabbit-siv", "default"))
        self.assertEqual([region["bytes"] for region in envelope["regions"]], [2068, 32768])
        self.assertEqual([region["kind"] for region in told[rle]["envelope"]["regions"]], ["fragment"] * 2)
        self.assertEqual([stanza["type"] for stanza in envelope["stanzas"]], ["kek"])
        self.assertEqual((told[native]["verified"], told[report]["state"]), (True, "not sealed"))
        flip_bit(native)
        self.assertEqual(run([program, "inspect", native]).status, 0)
        self.assert_refused(self.offline.run("inspect", native), "does not verify")

    def test_before_and_after(self):
        """What is foretold without a key is what is done, and with keys it is told what was changed."""
        report, = self.take("test-SR.dcm")
        image = laden(self.images)[0]
        program = self.offline.command("inspect")[0]
        foretold = json.loads(run([program, "inspect", "--json", image]).output)["would"]
        kinds = {region["path"]: region["kind"] for region in foretold["regions"]}
        self.assertEqual(set(kinds), {"(0043,1029)", "(7FE0,0010)", *map(path_of, BULK_PLACES)})
        self.assertEqual((kinds["(6000,3000)"], kinds["(7FE0,0010)"]), ("value", "native"))
        self.assertEqual([(change["path"], change["change"]) for change in foretold["changes"]],
                         [("(0020,4000)", "replaced")])
        shown = run([program, "inspect", self.images]).output
        self.assertIn("would seal       (6000,3000) value 0, ", shown)
        self.assertIn("would change     (0020,4000) replaced", shown)
        self.assertIn("would seal       nothing", shown)
        self.assert_ran("seal", image, "--in-place")
        without = json.loads(run([program, "inspect", "--json", image]).output)
        self.assertEqual((without["envelope"]["regions"], "changes" in without), (foretold["regions"], False))
        _, told = self.offline.states("inspect", image)
        self.assertEqual(told[image]["changes"], foretold["changes"])
        self.assertIn("changed          (0020,4000) replaced", self.offline.run("inspect", image).output)
        self.assertEqual(report.read_bytes(), (PYDICOM / "test-SR.dcm").read_bytes())

    def test_explanation(self):
        image, = self.take("CT_small.dcm")
        program = self.offline.command("inspect")[0]
        shown = run([program, "inspect", "--explain", image]).output
        for words in ("sealed    overlays", "(6000,3000)", "changed   Image Comments", "readable  patient"):
            self.assertIn(words, shown)
        told = json.loads(run([program, "inspect", "--explain", "--json", image]).output.splitlines()[0])
        self.assertEqual({one["fate"] for one in told["treatment"]}, {"sealed", "changed", "readable"})

    def test_edited_and_missing(self):
        image = laden(self.images)[0]
        self.assert_ran("seal", image, "--in-place")
        changed = run(["dcmodify", "-nb", "-m", "(0020,4000)=seen", "-e", "(6000,3000)", image])
        self.assertEqual(changed.status, 0, str(changed))
        _, inspected = self.offline.states("inspect", image)
        done, opened = self.offline.states("open", image, "--output", self.folder / "opened")
        for told in (inspected[image], opened[image]):
            self.assertEqual((told["edited"], told["missing"]), (["(0020,4000)"], ["(6000,3000)"]))
        self.assertEqual(done.status, 0)
        self.assertIn("(6000,3000) was sealed and is not there", done.output)
        self.assertIn("(0020,4000) was edited", done.output)


class Exchange(OfflineTest):
    """With a second program for the sealed format, and with the tools of others."""

    def independent(self, command, path, out):
        done = run(["/usr/bin/python3", INDEPENDENT, command, path, out, "--keyring", self.offline.keyring])
        self.assertEqual(done.status, 0, str(done))

    def test_both_ways(self):
        for image in self.take("CT_small.dcm", "MR_small_implicit.dcm", "SC_rgb_small_odd.dcm", "JPEG2000.dcm"):
            with self.subTest(image=image.name):
                original, theirs = image.read_bytes(), self.folder / "theirs.dcm"
                self.assert_ran("seal", image, "--in-place")
                self.assertEqual(run(["dcmftest", image]).status, 0)
                self.independent("open", image, theirs)
                self.assertEqual(theirs.read_bytes(), original)
                self.independent("seal", theirs, image)
                self.assert_ran("open", image, "--in-place")
                self.assertEqual(image.read_bytes(), original)


if __name__ == "__main__":
    unittest.main()
