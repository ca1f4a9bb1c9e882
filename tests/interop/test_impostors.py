"""Strangers with the title of an archive, a scanner or a viewer, from another address: none sees a pixel in the clear
or puts one into the archive, and the audit tells of each."""

from conversations import identifier
from harness import *
from raw_association import IMPLICIT, RawAssociation, command, proposal
from samples import PYDICOM
from tools import sop_class_uid

ADDRESS = "127.0.0.9"
COMMITMENT, COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.1.1"
TITLES = {"archive": "PACS", "gateway": "PORTCULLIS", "scanner": "SCANNER", "viewer": "WS1"}


class Impostors(GatewayTest):
    """Each service is a method that is given the impostor's title and a port that leads to the gateway, and gives
    what came back: files."""

    def setUp(self):
        super().setUp()
        self.attempts = 0

    def image_to_store(self):
        self.attempts += 1
        return renew(PYDICOM / "CT_small.dcm", self.folder / f"sent{self.attempts}.dcm", "--study", "new")

    def store(self, title, port):
        Peer(title, port).store([self.image_to_store()])

    def find(self, title, port):
        Peer(title, port).find(Query.study_of(self.image))

    def move_to_a_viewer(self, title, port):
        answer = Peer(title, port).move(Query.study_of(self.image), "WS1")
        self.assertNotEqual(answer.final_status(), 0, str(answer))

    def get(self, title, port):
        folder = self.folder / f"got{self.attempts}"
        answer = Peer(title, port).get(Query.study_of(self.image), folder)
        self.assertNotEqual(answer.final_status(), 0, str(answer))
        self.assertEqual(list(folder.iterdir()), [])

    def commit(self, title, port):
        association = RawAssociation(port, proposal([(1, COMMITMENT, [IMPLICIT])], calling=title.encode()))
        if association.accepts(1):
            instance = identifier((0x00081150, sop_class_uid(self.image).encode()),
                                  (0x00081155, sop_instance_uid(self.image).encode()))
            referenced = b"\xfe\xff\x00\xe0" + len(instance).to_bytes(4, "little") + instance
            association.say(1, command((0x0003, COMMITMENT), (0x0100, 0x0130), (0x0110, 1), (0x0800, 1),
                                       (0x1001, COMMITMENT_INSTANCE), (0x1008, 1)),
                            identifier((0x00081195, b"1.2.826.0.1.3680043.2.1125.5"), (0x00081199, referenced)))
            association.hear()
        association.close()

    def push(self, title, port):
        """What the archive holds of the image, and one that it does not hold, to the gateway's move title."""
        for path in (self.sealed, self.image_to_store()):
            for answer in Peer(title, port, self.gateway.title).store([path]):
                self.assertNotIn(0, answer.statuses(), str(answer))

    def records(self, title, sign):
        return [record for record in self.gateway.audit_records()
                if sign.items() <= record.items() and record.get("calling_ae") == title]

    def attempt(self, who, service, port, sign):
        """`sign`: by what the audit knows the impostor."""
        title = TITLES[who]
        with self.subTest(who=who, service=service):
            before = len(self.records(title, sign))
            getattr(self, service)(title, port)
            wait_until(lambda: len(self.records(title, sign)) > before, "the audit to tell of it", 5)
            self.assertEqual(self.viewer.received(), {})

    def check_archive(self):
        """Every image that anybody sent, as it is stored there, if it is."""
        stored = self.archive.stored()
        for image in self.folder.glob("sent*.dcm"):
            if path := stored.get(sop_instance_uid(image)):
                self.assert_no_leak(image, path)
        self.assert_audit_verifies()


INGRESS = ["store", "find", "move_to_a_viewer", "get", "commit"]


class Addresses(Impostors):
    def test_from_another_address(self):
        self.start_stack(Orthanc)
        self.image = self.image_to_store()
        self.assert_stored(self.caller("SCANNER").store([self.image]), 1)
        self.sealed = self.archive.stored()[sop_instance_uid(self.image)]
        with from_address(ADDRESS, self.gateway.scanner_port, self.folder / "scanners.log") as scanners, \
                from_address(ADDRESS, self.gateway.egress_port, self.folder / "archives.log") as archives:
            rows = [(who, service, scanners) for who in TITLES for service in INGRESS]
            rows += [(who, "push", archives) for who in TITLES]
            for who, service, port in rows:
                self.attempt(who, service, port, {"address": ADDRESS})
        self.check_archive()


if __name__ == "__main__":
    unittest.main()
