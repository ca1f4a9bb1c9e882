"""Twenty moves at once: each of five studies goes to four of five destinations, which each must get those and no
other. DCMTK's movescu gives every request the message id 1, and half of them call by the same title."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from harness import *

DESTINATIONS = [f"WS{number}" for number in range(1, 6)]
CALLERS = ["WS1", *(f"READER{number}" for number in range(1, 11))]


def study_of(folder, number, objects):
    """Small images that differ in their SOP Instance UID only."""
    first, = fabricated(folder, 1, rows=16, columns=16)
    content, uid = first.read_bytes(), sop_instance_uid(first)
    first.unlink()
    prefix = f"1.2.826.0.1.3680043.2.1125.{number + 1}"
    paths = []
    for i in range(objects):
        own = prefix + str(i).zfill(len(uid) - len(prefix))
        paths.append(folder / f"{i:03}.dcm")
        paths[-1].write_bytes(content.replace(uid.encode(), own.encode()))
    return paths


class ManyMoves(GatewayTest):
    def start_destinations(self, make_archive):
        self.gateway = Gateway(self.folder / "gateway")
        self.archive = self.start(make_archive(self.folder / "archive",
                                               {self.gateway.title: self.gateway.egress_port}))
        self.viewers = {title: self.start(Storescp(self.folder / title, title)) for title in DESTINATIONS}
        peers = [peer(title.lower(), title, viewer.port) for title, viewer in self.viewers.items()]
        peers += [peer(title.lower(), title) for title in CALLERS if title not in DESTINATIONS]
        self.gateway.configure([("main", "PACS", self.archive.port)], peers, [one["name"] for one in peers])
        self.start(self.gateway.init_keys().start())

    def check_counts(self, answer, objects):
        """Each pending response tells of one object more, and the last of all."""
        self.assert_moved(answer, objects)
        self.assertEqual(answer.statuses(), [0xFF00] * objects + [0])
        for done, message in enumerate(answer.messages[:-1], 1):
            self.assertEqual((int(message["Completed Suboperations"]), int(message["Remaining Suboperations"])),
                             (done, objects - done))

    def test_of_dcmqrscp(self):
        self.check_each_object_reaches_its_destination_and_no_other(Dcmqrscp, 200, self.check_counts)

    def test_of_orthanc(self):
        """It counts nothing before the end."""
        at_once = partial(Orthanc, DicomThreadsCount=30, ConcurrentJobs=20)
        self.check_each_object_reaches_its_destination_and_no_other(at_once, 40, self.assert_moved)

    def check_each_object_reaches_its_destination_and_no_other(self, make_archive, objects, check_counts):
        self.start_destinations(make_archive)
        studies = [study_of(self.folder / f"study{number}", number, objects) for number in range(5)]
        for images in studies:
            self.store(images)
        # (caller, study, destination): the n-th destination lacks the n-th study
        moves = [("WS1" if number % 2 else CALLERS[1 + number // 2], number % 5, (number % 5 + 1 + number // 5) % 5)
                 for number in range(20)]
        self.assertEqual(len({(study, destination) for _, study, destination in moves}), 20)

        def move(caller, study, destination):
            begin = time.monotonic()
            answer = self.caller(caller).move(Query.study_of(studies[study][0]), DESTINATIONS[destination])
            return answer, begin, time.monotonic()

        with ThreadPoolExecutor(len(moves)) as pool:
            done = list(pool.map(move, *zip(*moves)))
        for answer, _, _ in done:
            check_counts(answer, objects)
        self.assertLess(max(begin for _, begin, _ in done), min(end for _, _, end in done), "they did not overlap")
        for number, viewer in enumerate(self.viewers.values()):
            expected = {sop_instance_uid(image) for other, images in enumerate(studies) if other != number
                        for image in images}
            self.assertEqual(set(viewer.received()), expected)
            self.assertEqual(viewer.daemon.output().count("Received Store Request"), len(expected))
        self.assert_received(studies[0][0], self.viewers["WS2"].received())
        self.assert_audit_verifies()


if __name__ == "__main__":
    unittest.main()
