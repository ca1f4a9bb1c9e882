"""Scanner, archive and viewer without a gateway: that the harness works, and what archives do themselves."""

from deeds import flip_bit
from harness import *


class Direct(InteropTest):
    def store_and_retrieve(self, archive, viewer_port, gets_compressed):
        images = real_images(self.folder / "images")
        self.assert_stored(Peer("SCANNER", archive.port).store(images), len(images))
        stored = archive.stored()
        self.assertEqual(set(stored), {sop_instance_uid(image) for image in images})
        for image in images:
            with self.subTest(image.name):
                leak = run_judge("dicom_leak", image, stored[sop_instance_uid(image)])
                self.assertEqual(leak.status, 1, str(leak))
                self.check(image, self.move(archive, image, viewer_port))
                if gets_compressed or transfer_syntax(image) in UNCOMPRESSED:
                    self.check(image, self.get(archive, image))

    def move(self, archive, image, viewer_port):
        """Received by a viewer that takes the image's own transfer syntax."""
        viewer = Storescp(self.folder / "ws1" / image.stem, "WS1", port=viewer_port,
                          options=[SYNTAX_OPTIONS[transfer_syntax(image)][1]])
        self.assert_moved(Peer("WS1", archive.port).move(Query.study_of(image), "WS1"), 1)
        viewer.stop()
        return viewer.received()

    def get(self, archive, image):
        folder = self.folder / "got" / image.stem
        self.assert_moved(Peer("WS1", archive.port).get(Query.study_of(image), folder, transfer_syntax(image)), 1)
        return objects_in(folder)

    def check(self, image, received):
        self.assertEqual(list(received), [sop_instance_uid(image)])
        self.assertLessEqual(self.differences(image, received[sop_instance_uid(image)]), ARCHIVE_CHANGES)

    def test_dcmqrscp(self):
        port = free_port()
        archive = self.start(Dcmqrscp(self.folder / "archive", {"WS1": port}))
        self.store_and_retrieve(archive, port, gets_compressed=True)

    def test_orthanc(self):
        """For C-GET Orthanc prefers uncompressed syntaxes, which getscu always offers, and decompresses."""
        port = free_port()
        archive = self.start(Orthanc(self.folder / "archive", {"WS1": port}))
        self.store_and_retrieve(archive, port, gets_compressed=False)

    def test_a_flipped_bit_is_a_difference(self):
        port = free_port()
        archive = self.start(Dcmqrscp(self.folder / "archive", {"WS1": port}))
        viewer = self.start(Storescp(self.folder / "ws1", "WS1", options=["+xe"], port=port))
        image, = fabricated(self.folder / "images", 1)
        self.assert_stored(Peer("SCANNER", archive.port).store([image]), 1)
        flip_bit(archive.stored()[sop_instance_uid(image)])
        self.assert_moved(Peer("WS1", archive.port).move(Query.study_of(image), "WS1"), 1)
        self.assertEqual(self.differences(image, viewer.received()[sop_instance_uid(image)]),
                         {"(7FE0,0010) value"})

    def test_find_and_echo(self):
        archive = self.start(Dcmqrscp(self.folder / "archive", {}))
        images = fabricated(self.folder / "images", 3, rows=16, columns=16)
        self.assert_stored(Peer("SCANNER", archive.port).store(images), 3)
        viewer = Peer("WS1", archive.port)
        self.assertTrue(viewer.echo())
        study = value_of(images[0], "0020,000d")
        found = viewer.find(Query("IMAGE", study, study + ".1"), "SOPInstanceUID")
        self.assertEqual(found.statuses(), [0xFF00] * 3 + [0])
        for image in images:
            self.assertIn(sop_instance_uid(image), found.finished.output)

    def test_an_unknown_destination_is_refused(self):
        archive = self.start(Dcmqrscp(self.folder / "archive", {}))
        images = fabricated(self.folder / "images", 1, rows=16, columns=16)
        self.assert_stored(Peer("SCANNER", archive.port).store(images), 1)
        answer = Peer("WS1", archive.port).move(Query.study_of(images[0]), "NOBODY")
        self.assertEqual(answer.final_status(), 0xA801, str(answer))

    def test_another_source_address(self):
        archive = self.start(Dcmqrscp(self.folder / "archive", {}))
        with from_address("127.0.0.9", archive.port, self.folder / "socat.log") as entrance:
            self.assertTrue(Peer("WS1", entrance).echo())

    def test_a_peer_without_a_maximum_length(self):
        archive = self.start(Dcmqrscp(self.folder / "archive", {}, pdu=4096))
        called = self.start(Unlimited(archive.port, "called"))
        caller = self.start(Unlimited(called.port, "caller"))
        image, = fabricated(self.folder / "images", 1)
        self.assert_stored(Peer("SCANNER", caller.port).store([image], "--max-send-pdu", "131072"), 1)
        self.assertGreater(called.longest, 100000)
        self.assertEqual(self.differences(image, archive.stored()[sop_instance_uid(image)]), set())


if __name__ == "__main__":
    unittest.main()
