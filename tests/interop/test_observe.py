"""mode: observe. Real nodes notice nothing of the gateway, and its audit tells what it would do."""

from harness import *
from raw_association import RawAssociation, proposal, request
from samples import PYDICOM
from takes_all import TakesAll

CT = "1.2.840.10008.5.1.4.1.1.2"
JPIP = "1.2.840.10008.1.2.4.94"  # pixels are elsewhere: nothing that sealing could carry
C_STORE = 0x0001


def without_pixels(path, into):
    """A real image as JPIP has it: a URL in the place of the pixels."""
    copy = into.with_suffix(".copy")
    copy.write_bytes(path.read_bytes())
    done = run(["dcmodify", "-nb", "-ea", "(7fe0,0010)", "-ea", "(fffc,fffc)", "-i",
                "(0028,7fe0)=https://pacs.example/image", copy])
    if done.status != 0:
        raise RuntimeError(str(done))
    content = copy.read_bytes()
    syntax = content.index(b"\x02\x00\x10\x00UI")
    data_set = data_set_of(copy)
    length = int.from_bytes(content[syntax + 6:syntax + 8], "little")
    meta = (content[144:syntax + 6] + len(JPIP).to_bytes(2, "little") + JPIP.encode() +
            content[syntax + 8 + length:len(content) - len(data_set)])
    into.write_bytes(content[:140] + len(meta).to_bytes(4, "little") + meta + data_set)
    return into


class Observe(GatewayTest):
    def start_observing(self, make_archive=Dcmqrscp, rules=None, **archive_options):
        """The archive knows the viewer where it is, as before the gateway came."""
        self.gateway = Gateway(self.folder / "gateway")
        self.viewer_port = free_port()
        known = {self.gateway.title: self.gateway.egress_port, "WS1": self.viewer_port}
        self.archive = self.start(make_archive(self.folder / "archive", known, **archive_options))
        self.configure("observe", rules)
        self.start(self.gateway.init_keys().start())

    def configure(self, mode, rules=None):
        policy = {"policy": {"rules": rules, "default": "refuse"}} if rules is not None else {}
        self.gateway.configure([("main", self.archive.title, self.archive.port)],
                               [peer("reading-room", "WS1", self.viewer_port)], ["reading-room"], mode=mode, **policy)

    def start_viewer(self):
        """For what is fabricated: dcmqrscp sends in the first context that is taken, whether it suits or not."""
        self.viewer = self.start(Storescp(self.folder / "ws1", "WS1", options=["+xe"], port=self.viewer_port))

    def receive(self, image):
        """By C-MOVE, at a viewer that takes the image's own transfer syntax."""
        viewer = Storescp(self.folder / "ws1" / image.stem, "WS1", port=self.viewer_port,
                          options=[SYNTAX_OPTIONS[transfer_syntax(image)][1]])
        try:
            self.assert_moved(self.move(image), 1)
        finally:
            viewer.stop()
        return viewer.received()

    def told(self, operation, count=1, **values):
        """What the audit says of the mode, once there are so many records of it."""
        def found():
            return self.audit_of("observe", operation=operation, **values)
        wait_until(lambda: len(found()) >= count, f"{count} records of {operation}")
        self.assertEqual(len(found()), count)
        return found()

    def check_images(self, make_archive, gets_compressed):
        self.start_observing(make_archive)
        images = real_images(self.folder / "images")
        untouched = self.start(make_archive(self.folder / "untouched", {}))
        self.assert_stored(Peer("SCANNER", untouched.port).store(images), len(images))
        self.store(images)
        stored, expected = self.archive.stored(), untouched.stored()
        self.assertEqual(set(stored), {sop_instance_uid(image) for image in images})
        for image in images:
            uid = sop_instance_uid(image)
            with self.subTest(image.name):
                self.assertEqual(data_set_of(stored[uid]), data_set_of(expected[uid]))
                told, = self.told("store", sop_instance=uid)
                self.assertEqual((told["would"], told["calling_ae"]), ("seal", "SCANNER"))
                self.assertGreater(told["regions"], 0)
                self.assertGreater(told["bytes"], 0)
                self.assert_received(image, self.receive(image))
                if gets_compressed or transfer_syntax(image) in UNCOMPRESSED:
                    answer, received = self.get(image)
                    self.assert_moved(answer, 1)
                    self.assert_received(image, received)
        self.assertEqual(self.audit_of("store") + self.audit_of("retrieve") + self.audit_of("refusal"), [])
        self.assert_audit_verifies()

    def test_dcmqrscp(self):
        self.check_images(Dcmqrscp, gets_compressed=True)

    def test_orthanc(self):
        """But for C-GET of compressed objects, which Orthanc decompresses for tools that also take native."""
        self.check_images(Orthanc, gets_compressed=False)

    def test_the_archive_sends_to_the_viewer_itself(self):
        self.start_observing()
        self.start_viewer()
        images = fabricated(self.folder / "images", 3)
        self.store(images)
        self.assert_moved(self.move(images[0]), 3)
        for image in images:
            self.assert_received(image, self.viewer.received())
        told, = self.told("retrieve")
        self.assertEqual((told["would"], told["from"], told["destination"]), ("open", "reading-room", "WS1"))
        self.assertNotIn("egress", self.gateway.http("/metrics")[1])

    def test_what_would_be_refused(self):
        """Nobody has a rule: everything works, and is told."""
        self.start_observing(rules=[])
        self.start_viewer()
        images = fabricated(self.folder / "images", 2)
        caller = self.caller("STRANGER")
        self.assertTrue(caller.echo())
        self.assert_stored(caller.store(images), 2)
        found = caller.find(Query.study_of(images[0]))
        self.assertEqual(found.statuses(), [0xFF00] * 2 + [0])
        self.assert_moved(caller.move(Query.study_of(images[0]), "WS1"), 2)
        answer, got = self.get(images[0], "STRANGER")
        self.assert_moved(answer, 2)
        for image in images:
            self.assert_received(image, self.viewer.received())
            self.assert_received(image, got)
        for operation, count in (("echo", 1), ("store", 2), ("find", 1), ("retrieve", 2)):
            for told in self.told(operation, count):
                self.assertEqual((told["would"], told["status"], told["recognised"]), ("refuse", "0124", False))
        metrics = self.gateway.http("/metrics")[1]
        self.assertIn('portcullis_observed_total{operation="store",would="refuse"} 2', metrics)
        self.assertIn("portcullis_observe 1", metrics)
        self.assert_audit_verifies()

    def test_a_destination_that_the_gateway_does_not_know(self):
        self.start_observing()
        image, = fabricated(self.folder / "images", 1)
        self.store([image])
        other = self.move(image, "WS1", self.gateway.title)  # is no peer, and the archive knows it
        self.assertEqual((other.count("Completed"), other.count("Failed")), (0, 1), str(other))
        told, = self.told("retrieve")
        self.assertEqual((told["would"], told["status"], told["destination"]),
                         ("refuse", "A801", self.gateway.title))

    def test_an_image_that_sealing_cannot_carry(self):
        image = without_pixels(PYDICOM / "CT_small.dcm", self.folder / "jpip.dcm")
        self.assertEqual(transfer_syntax(image), JPIP)
        archive = self.start(TakesAll())
        self.gateway = Gateway(self.folder / "gateway")
        self.gateway.configure([("main", "PACS", archive.port)], [peer("reading-room", "WS1")], ["reading-room"],
                               mode="observe")
        self.start(self.gateway.init_keys().start())
        scanner = RawAssociation(self.gateway.scanner_port, proposal([(1, CT, [JPIP])], calling=b"SCANNER"))
        self.assertTrue(scanner.accepts(1))
        scanner.say(1, request(C_STORE, CT, 7, True, (0x0700, 0), (0x1000, sop_instance_uid(image))),
                    data_set_of(image))
        self.assertEqual(scanner.hear(), 0)
        scanner.release()
        self.assertEqual(archive.data_sets, [data_set_of(image)])
        told, = self.told("association")
        self.assertEqual((told["would"], told["contexts"]), ("not offer", f"{CT} in {JPIP}"))
        told, = self.told("store")
        self.assertEqual((told["would"], told["reason"], told["detail"]), ("refuse", "transfer syntax", JPIP))

    def test_going_live_and_back(self):
        """What was sealed before reaches viewers sealed while it observes, and the log warns of that."""
        self.start_observing()
        self.start_viewer()
        before, after = fabricated(self.folder / "images", 2)
        self.store([before])
        self.assertNotIn("registered", self.gateway.daemon.output())
        self.gateway.stop()
        self.configure("enforce")
        checked = self.gateway.command("check")
        self.assertNotIn("warning", checked.output)
        self.gateway.start()
        self.store([after])
        self.gateway.stop()
        self.configure("observe")
        checked = self.gateway.command("check")
        self.assertEqual(checked.status, 0, str(checked))
        self.assertIn("warning: mode: observe", checked.output)
        self.gateway.start()
        self.assertIn('"registered":"1"', self.gateway.daemon.output())
        self.assert_moved(self.move(after), 2)
        received = self.viewer.received()
        self.assert_received(before, received)
        self.assert_no_leak(after, received[sop_instance_uid(after)])
        self.assertEqual([record["mode"] for record in self.audit_of("start")], ["observe", "enforce", "observe"])
        self.assert_audit_verifies()


if __name__ == "__main__":
    unittest.main()
