"""Strangers with the title of an archive, a scanner or a viewer, from another address or with another certificate of
the same authority: none sees a pixel in the clear or puts one into the archive, and the audit tells of each. The same
requests by who may make them succeed, so it is the identity that fails and not the request."""

from concurrent.futures import ThreadPoolExecutor

from conversations import identifier
from harness import *
from pki import Authority, ToTls
from raw_association import IMPLICIT, RawAssociation, command, proposal
from samples import PYDICOM
from tools import sop_class_uid

ADDRESS = "127.0.0.9"
COMMITMENT, COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.1.1"
TITLES = {"archive": "PACS", "gateway": "PORTCULLIS", "scanner": "SCANNER", "viewer": "WS1"}
INGRESS = ["store", "find", "move_to_a_viewer", "get", "commit"]
PIXELS = {"move_to_a_viewer", "get"}  # what only the viewer may have, and only as itself


class Impostors(GatewayTest):
    """Each service is a method that is given the caller's title and a port that leads to the gateway, and says
    whether the request succeeded."""

    def setUp(self):
        super().setUp()
        self.attempts = 0

    def image_to_store(self):
        self.attempts += 1
        return renew(PYDICOM / "CT_small.dcm", self.folder / f"sent{self.attempts}.dcm", "--study", "new")

    def store(self, title, port):
        answer, = Peer(title, port).store([self.image_to_store()])
        return answer.statuses() == [0]

    def find(self, title, port):
        return Peer(title, port).find(Query.study_of(self.image)).final_status() == 0

    def move_to_a_viewer(self, title, port):
        return Peer(title, port).move(Query.study_of(self.image), "WS1").final_status() == 0

    def get(self, title, port):
        folder = self.folder / f"got{self.attempts}"
        answer = Peer(title, port).get(Query.study_of(self.image), folder)
        return answer.final_status() == 0 or any(folder.iterdir())

    def commit(self, title, port):
        """Whether anybody heard the request."""
        association = RawAssociation(port, proposal([(1, COMMITMENT, [IMPLICIT])], calling=title.encode()))
        accepted = association.accepts(1)
        if accepted:
            instance = identifier((0x00081150, sop_class_uid(self.image).encode()),
                                  (0x00081155, sop_instance_uid(self.image).encode()))
            referenced = b"\xfe\xff\x00\xe0" + len(instance).to_bytes(4, "little") + instance
            association.say(1, command((0x0003, COMMITMENT), (0x0100, 0x0130), (0x0110, 1), (0x0800, 1),
                                       (0x1001, COMMITMENT_INSTANCE), (0x1008, 1)),
                            identifier((0x00081195, b"1.2.826.0.1.3680043.2.1125.5"), (0x00081199, referenced)))
            association.hear()
        association.close()
        return accepted

    def push(self, title, port):
        """What the archive holds of the image, and one that it does not hold, to the gateway's move title and to a
        viewer's."""
        statuses = [answer.statuses() for path in (self.sealed, self.image_to_store())
                    for called in (self.gateway.title, "WS1") for answer in Peer(title, port, called).store([path])]
        return any(0 in answered for answered in statuses)

    def records(self, title, sign):
        return [record for record in self.gateway.audit_records()
                if sign.items() <= record.items() and record.get("calling_ae") == title]

    def attempt(self, who, service, port, sign):
        """`sign`: by what the audit knows the impostor."""
        title = TITLES[who]
        with self.subTest(who=who, service=service):
            before = len(self.records(title, sign))
            succeeded = getattr(self, service)(title, port)
            wait_until(lambda: len(self.records(title, sign)) > before, "the audit to tell of it", 5)
            self.assertEqual(self.viewer.received(), {})
            if service in PIXELS or service == "push":
                self.assertFalse(succeeded)

    def check_archive(self):
        """Every image that anybody sent, as it is stored there, if it is."""
        stored = self.archive.stored()
        for image in self.folder.glob("sent*.dcm"):
            if path := stored.get(sop_instance_uid(image)):
                self.assert_no_leak(image, path)
        self.assert_audit_verifies()

    def check_impostors(self, scanners, archives, sign):
        for who in TITLES:
            for service in INGRESS:
                self.attempt(who, service, scanners, sign)
            self.attempt(who, "push", archives, sign)
        self.check_archive()

    def check_rightful(self, scanners):
        """Who is what its title says has what it asks for."""
        for service in ("find", "commit", "get", "move_to_a_viewer"):
            self.assertTrue(getattr(self, service)("WS1", scanners), service)
        self.assert_received(self.image, self.viewer.received())


class Addresses(Impostors):
    def test_from_another_address(self):
        self.start_stack(Orthanc)
        self.image = self.image_to_store()
        self.assert_stored(self.caller("SCANNER").store([self.image]), 1)
        self.sealed = self.archive.stored()[sop_instance_uid(self.image)]
        with from_address(ADDRESS, self.gateway.scanner_port, self.folder / "scanners.log") as scanners, \
                from_address(ADDRESS, self.gateway.egress_port, self.folder / "archives.log") as archives:
            self.check_impostors(scanners, archives, {"address": ADDRESS})
        self.check_rightful(self.gateway.scanner_port)

    def test_a_stranger_delivers_while_a_move_runs(self):
        """With the archive's title and in the name of the move: what is delivered is the archive's alone."""
        self.start_stack(viewer_options=("--sleep-after", "1"))
        images = fabricated(self.folder / "images", 8, rows=16, columns=16)
        self.assert_stored(self.caller("SCANNER").store(images), 8)
        forged = renew(images[0], self.folder / "forged.dcm")
        with from_address(ADDRESS, self.gateway.egress_port, self.folder / "archives.log") as port, \
                ThreadPoolExecutor(1) as pool:
            moving = pool.submit(self.move, images[0])
            wait_until(self.viewer.received, "the first image")
            for path in (forged, self.archive.stored()[sop_instance_uid(images[7])]):
                answer, = Peer("PACS", port, self.gateway.title).store([path])
                self.assertNotEqual(answer.finished.status, 0, str(answer))
            self.assertFalse(moving.done(), "the move was over too early")
        self.assert_moved(moving.result(), 8)
        self.assertEqual(set(self.viewer.received()), {sop_instance_uid(image) for image in images})
        wait_until(lambda: len(self.audit_of("association", outcome="rejected", address=ADDRESS)) == 2,
                   "the audit to tell of them", 5)

    def test_a_stranger_reports_a_commitment(self):
        """To a scanner that asked for it, in the archive's name: the scanner never hears of it."""
        self.start_stack(Orthanc)
        self.image = self.image_to_store()
        self.assertTrue(self.commit("WS1", self.gateway.scanner_port))
        with from_address(ADDRESS, self.gateway.egress_port, self.folder / "archives.log") as port:
            association = RawAssociation(port, proposal([(1, COMMITMENT, [IMPLICIT])], calling=b"PACS", called=b"WS1"))
            self.assertFalse(association.accepts(1))
            association.close()
        wait_until(lambda: self.audit_of("association", outcome="rejected", address=ADDRESS, called_ae="WS1"),
                   "the audit to tell of it", 5)


class Certificates(Impostors):
    """The archive too is known by its certificate, wherever it calls from."""

    def test_with_another_certificate_of_the_authority(self):
        authority = Authority(self.folder / "pki", "authority")
        gate = authority.issue("gateway", "DNS:gate.example,IP:127.0.0.1")
        pacs = authority.issue("pacs", "DNS:pacs.example,IP:127.0.0.1")
        ward = authority.issue("ward", "DNS:ws1.wards.example")
        impostor = authority.issue("impostor", "DNS:printer.offices.example")
        self.gateway = Gateway(self.folder / "gateway")
        self.archive = self.start(Orthanc(self.folder / "archive", {self.gateway.title: self.gateway.egress_port},
                                          tls=pacs))
        self.viewer = self.start(Storescp(self.folder / "ws1", "WS1", options=("+xa", *ward.of_dcmtk())))
        tls = gate.configuration()
        listen = [{"name": name, "role": role, "address": "127.0.0.1", "port": port, "tls": tls}
                  for name, role, port in (("scanners", "ingress", self.gateway.scanner_port),
                                           ("archive", "egress", self.gateway.egress_port))]
        entry = {"name": "main", "ae_title": "PACS", "host": "127.0.0.1", "tls": tls,
                 "port": self.archive.port,
                 "inbound": {"certificate": [{"san": "pacs.example"}]}}
        viewer = {"name": "reading-room", "ae_title": "WS1", "certificate": [{"san": "*.wards.example"}],
                  "host": "127.0.0.1", "port": self.viewer.port, "tls": {**tls, "name": "ws1.wards.example"}}
        self.gateway.configure([entry], [viewer], ["reading-room"], gateway={"listen": listen})
        self.start(self.gateway.init_keys().start())

        rightful = self.leads_as(ward, self.gateway.scanner_port)
        self.image = self.image_to_store()
        self.assert_stored(Peer("SCANNER", rightful, "PACS").store([self.image]), 1)
        self.sealed = self.archive.stored()[sop_instance_uid(self.image)]
        self.check_impostors(self.leads_as(impostor, self.gateway.scanner_port),
                             self.leads_as(impostor, self.gateway.egress_port), {"subject": "CN=impostor,O=Test"})
        self.check_rightful(rightful)

    def leads_as(self, pair, port):
        """A plain port that leads to this one of the gateway's, with the pair's certificate."""
        return self.start(ToTls(port, "gateway", pair, self.folder / f"socat-{free_port()}.log")).port


if __name__ == "__main__":
    unittest.main()
