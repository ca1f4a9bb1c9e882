"""Two moves at once by the same AE title with the same message id: every object reaches whom it was for."""

import threading
import time

from harness import *


class Moves(GatewayTest):
    def start_viewers(self, make_archive):
        """Two destinations that take a second over each object, so that the moves overlap."""
        self.gateway = Gateway(self.folder / "gateway")
        self.archive = self.start(make_archive(self.folder / "archive",
                                               {self.gateway.title: self.gateway.egress_port}))
        self.viewers = [self.start(Storescp(self.folder / title, title, options=["+xa", "--sleep-after", "1"]))
                        for title in ("WS1", "WS2")]
        peers = [peer(viewer.title.lower(), viewer.title, viewer.port) for viewer in self.viewers]
        self.gateway.configure([("main", "PACS", self.archive.port)], peers, ["ws1", "ws2"])
        self.start(self.gateway.init_keys().start())

    def move_at_once(self, queries):
        """movescu gives its only request the message id 1. The answers, by destination."""
        answers, times = {}, {}

        def move(query, destination):
            begin = time.monotonic()
            answers[destination] = self.caller("WS1").move(query, destination)
            times[destination] = (begin, time.monotonic())

        threads = [threading.Thread(target=move, args=(query, viewer.title))
                   for query, viewer in zip(queries, self.viewers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (begin1, end1), (begin2, end2) = times.values()
        self.assertLess(max(begin1, begin2) + 1, min(end1, end2), "the moves did not overlap")
        return answers

    def check(self, studies):
        for images in studies:
            self.store(images)
        answers = self.move_at_once([Query.study_of(images[0]) for images in studies])
        for images, viewer in zip(studies, self.viewers):
            self.assert_moved(answers[viewer.title], len(images))
            received = viewer.received()
            self.assertEqual(set(received), {sop_instance_uid(image) for image in images})
            for image in images:
                self.assert_received(image, received)
        self.assert_audit_verifies()

    def two_studies(self):
        return [fabricated(self.folder / name, 3) for name in ("one", "other")]

    def test_two_studies_from_dcmqrscp(self):
        self.start_viewers(Dcmqrscp)
        self.check(self.two_studies())

    def test_two_studies_from_orthanc(self):
        self.start_viewers(Orthanc)
        self.check(self.two_studies())

    def test_one_study_twice(self):
        self.start_viewers(Dcmqrscp)
        images = fabricated(self.folder / "images", 3)
        self.check([images, images])


if __name__ == "__main__":
    unittest.main()
