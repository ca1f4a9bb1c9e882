"""Sender, archive and destination keep their own maximum PDU lengths, in every combination."""

from harness import *

UNLIMITED = 0
SIZES = [4096, 16384, 131072, UNLIMITED]


class PduSizes(InteropTest):
    def start_archive(self, size):
        """Its entry in the configuration. To the gateway it announces `size`."""
        title, move_title = f"PACS{size}", f"GATE{size}"
        archive = self.start(Dcmqrscp(self.folder / title, {move_title: self.gateway.egress_port}, title,
                                      size or 16384))
        return {"name": f"archive-{size}", "ae_title": title, "host": "127.0.0.1",
                "port": self.face_of(archive, size), "move_titles": [move_title]}

    def face_of(self, server, size):
        return self.start(Unlimited(server.port, "called")).port if size == UNLIMITED else server.port

    def start_destination(self, size):
        title = f"WS{size}"
        self.destinations[size] = self.start(Storescp(self.folder / title, title, size or 16384))
        return peer(f"viewer-{size}", title, self.face_of(self.destinations[size], size))

    def sender(self, size, archive):
        port = self.gateway.scanner_port
        if size == UNLIMITED:
            port = self.start(Unlimited(port, "caller")).port
        return Peer("SCANNER", port, f"PACS{archive}")

    def test_every_combination(self):
        self.gateway, self.destinations = Gateway(self.folder / "gateway"), {}
        archives = [self.start_archive(size) for size in SIZES]
        peers = [self.start_destination(size) for size in SIZES]
        self.gateway.configure(archives, peers, [entry["name"] for entry in peers])
        self.start(self.gateway.init_keys().start())
        for sending in SIZES:
            for archive in SIZES:
                with self.subTest(sender=sending, archive=archive):
                    image, = fabricated(self.folder / f"{sending}-{archive}", 1)
                    answers = self.sender(sending, archive).store([image], "-pdu", sending or 16384)
                    self.assert_stored(answers, 1)
                    self.retrieve_everywhere(image, archive)

    def retrieve_everywhere(self, image, archive):
        uid = sop_instance_uid(image)
        viewer = Peer("WS4096", self.gateway.scanner_port, f"PACS{archive}")
        for size, destination in self.destinations.items():
            with self.subTest(destination=size):
                self.assert_moved(viewer.move(Query.study_of(image), f"WS{size}"), 1)
                received = destination.received()
                self.assertEqual(self.differences(image, received[uid]) - ARCHIVE_CHANGES, set())


if __name__ == "__main__":
    unittest.main()
