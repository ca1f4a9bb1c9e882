"""TLS on every leg, with certificates on both sides: DCMTK's own TLS, Orthanc's, and socat where a tool has none."""

import signal
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

from harness import *
from pki import Authority, FromTls, ToTls

NOT_AUTHORISED = 0x0124
WARDS = [{"san": "*.wards.example"}]  # who may see images: a title, and a certificate of the wards


class Tls(GatewayTest):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder / "pki", "authority")
        self.gate = self.authority.issue("gateway", "DNS:gate.example,IP:127.0.0.1")
        self.scanner = self.authority.issue("scanner", "DNS:ct1.radiology.example")
        self.ward = self.authority.issue("ward", "DNS:ws1.wards.example")
        self.pacs = self.authority.issue("pacs", "IP:127.0.0.1")
        self.gateway = Gateway(self.folder / "gateway")
        self.viewer = self.start(Storescp(self.folder / "ws1", "WS1", options=("+xa", *self.ward.of_dcmtk())))

    def relay(self, kind, *arguments):
        return self.start(kind(*arguments, self.folder / f"socat-{free_port()}.log"))

    def configure(self, archive_port, **archive):
        tls = self.gate.configuration()
        viewer = {"name": "ward-tablet", "ae_title": "WS1", "certificate": WARDS, "host": "127.0.0.1",
                  "port": self.viewer.port, "tls": {**tls, "name": "ws1.wards.example"}}
        listen = [{"name": name, "role": role, "address": "127.0.0.1", "port": port, "tls": tls}
                  for name, role, port in (("scanners", "ingress", self.gateway.scanner_port),
                                           ("archive", "egress", self.gateway.egress_port))]
        self.gateway.configure([{"name": "main", "ae_title": "PACS", "host": "127.0.0.1", "port": archive_port,
                                 "tls": tls, **archive}], [viewer], ["ward-tablet"], gateway={"listen": listen})
        self.gateway.init_keys()

    def start_before_dcmqrscp(self):
        """dcmqrscp has no TLS: socat stands before it, and before the gateway for what it sends."""
        outgoing = self.relay(ToTls, self.gateway.egress_port, "gateway", self.pacs)
        self.archive = self.start(Dcmqrscp(self.folder / "archive", {self.gateway.title: outgoing.port}))
        incoming = self.relay(FromTls, self.archive.port, self.pacs)
        self.configure(incoming.port)
        self.start(self.gateway.start())

    def store_as(self, pair, images, title="SCANNER"):
        return Peer(title, self.gateway.scanner_port, "PACS").store(images, *pair.of_dcmtk())

    def move_as(self, pair, image):
        entrance = self.relay(ToTls, self.gateway.scanner_port, "gateway", pair)
        return Peer("WS1", entrance.port, "PACS").move(Query.study_of(image), "WS1")

    def wait_for_failure(self, side):
        wait_until(lambda: self.audit_of("failure", reason="tls", side=side), "the audit record", 5)
        return self.audit_of("failure", reason="tls", side=side)[-1]["detail"]


class Legs(Tls):
    def check_round_trip(self):
        images = fabricated(self.folder / "images", 3)
        self.assert_stored(self.store_as(self.scanner, images), 3)
        for image in images:
            pixels = image.read_bytes()[-4096:-2048]
            self.assertNotIn(pixels, self.archive.stored()[sop_instance_uid(image)].read_bytes())
        self.assert_moved(self.move_as(self.ward, images[0]), 3)
        received = self.viewer.received()
        for image in images:
            self.assert_received(image, received)
        subjects = {record.get("subject") for record in self.audit_of("association", outcome="accepted")}
        self.assertLessEqual({"CN=scanner,O=Test", "CN=ward,O=Test"}, subjects)
        self.assertEqual(self.audit_of("failure", reason="tls"), [])
        self.assert_audit_verifies()

    def test_before_dcmqrscp(self):
        self.start_before_dcmqrscp()
        self.check_round_trip()
        done = self.gateway.command("check", "--connect")
        self.assertEqual(done.status, 0, str(done))

    def test_before_orthanc(self):
        """Orthanc has TLS of its own, as server and as client."""
        destinations = {self.gateway.title: self.gateway.egress_port}
        self.archive = self.start(Orthanc(self.folder / "archive", destinations, tls=self.pacs))
        self.configure(self.archive.port)
        self.start(self.gateway.start())
        self.check_round_trip()

    def test_the_archive_is_probed(self):
        """The commands use the same legs: the study goes there and comes back by C-MOVE."""
        self.start_before_dcmqrscp()
        self.gateway.stop()
        done = self.gateway.command("probe")
        self.assertEqual(done.status, 0, str(done))
        self.assertIn("C-MOVE", done.output)

    def test_an_archive_with_another_name(self):
        """Its chain is good, but it is somebody else's."""
        self.pacs = self.authority.issue("other", "DNS:other.example")
        self.start_before_dcmqrscp()
        image, = fabricated(self.folder / "images", 1)
        self.store_as(self.scanner, [image])
        self.assertIn("IP address mismatch", self.wait_for_failure("archive"))
        self.assertEqual(self.archive.stored(), {})

    def test_a_destination_with_another_name(self):
        self.ward = self.authority.issue("ward2", "DNS:ws2.wards.example")
        self.viewer.stop()
        self.viewer = self.start(Storescp(self.folder / "ws2", "WS1", options=("+xa", *self.ward.of_dcmtk())))
        self.start_before_dcmqrscp()
        image, = fabricated(self.folder / "images", 1)
        self.assert_stored(self.store_as(self.scanner, [image]), 1)
        self.assertEqual(self.move_as(self.ward, image).count("Failed"), 1)
        self.assertIn("hostname mismatch", self.wait_for_failure("destination"))
        self.assertEqual(self.viewer.received(), {})


class Strangers(Tls):
    def setUp(self):
        super().setUp()
        self.start_before_dcmqrscp()
        self.image, = fabricated(self.folder / "images", 1)

    def test_a_certificate_of_an_unknown_authority(self):
        stranger = Authority(self.folder / "other-pki", "stranger").issue("scanner", "DNS:ct1.radiology.example",
                                                                           self.authority)
        answer, = self.store_as(stranger, [self.image])
        self.assertNotEqual(answer.finished.status, 0, str(answer))
        self.assertIn("the certificate of the peer is not accepted", self.wait_for_failure("caller"))
        self.assertEqual(self.archive.stored(), {})
        self.assertIn('portcullis_associations_rejected_total{reason="tls"} 1', self.gateway.http("/metrics")[1])

    def test_no_certificate(self):
        answer, = Peer("SCANNER", self.gateway.scanner_port, "PACS").store([self.image], "+tla", "-ic")
        self.assertNotEqual(answer.finished.status, 0, str(answer))
        self.assertIn("did not return a certificate", self.wait_for_failure("caller"))

    def test_no_tls(self):
        answer, = Peer("SCANNER", self.gateway.scanner_port, "PACS").store([self.image])
        self.assertNotEqual(answer.finished.status, 0, str(answer))
        self.assertIn("is not TLS", self.wait_for_failure("caller"))

    def test_a_certificate_that_is_not_of_the_wards(self):
        """The same authority vouches for it, the title is right, and still it is nobody who may see images."""
        self.assert_stored(self.store_as(self.scanner, [self.image]), 1)
        for name, alternative in (("office", "DNS:ws1.offices.example"), ("deep", "DNS:ws1.a.wards.example"),
                                  ("bare", "DNS:wards.example"), ("mail", "email:ws1@x.wards.example")):
            answer = self.move_as(self.authority.issue(name, alternative), self.image)
            self.assertEqual(answer.final_status(), NOT_AUTHORISED, f"{name}\n{answer}")
        self.assertEqual(self.viewer.received(), {})
        self.assert_moved(self.move_as(self.ward, self.image), 1)
        self.assert_audit_verifies()


class Reload(Tls):
    def setUp(self):
        super().setUp()
        self.start_before_dcmqrscp()

    def shown(self):
        """The certificate that the gateway shows to who connects now."""
        context = ssl.create_default_context(cafile=self.authority.certificate)
        context.load_cert_chain(self.scanner.certificate, self.scanner.key)
        with socket.create_connection(("127.0.0.1", self.gateway.scanner_port), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="gate.example") as secured:
                return secured.getpeercert(binary_form=True)

    def hang_up(self, outcome):
        before = len(self.audit_of("reload"))
        self.gateway.daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(self.audit_of("reload")) > before, "the reload")
        self.assertEqual(self.audit_of("reload")[-1]["outcome"], outcome)
        return self.audit_of("reload")[-1]

    def test_new_certificates_while_an_association_runs(self):
        images = fabricated(self.folder / "images", 60)
        old = self.shown()
        answers = []
        sending = threading.Thread(target=lambda: answers.extend(self.store_as(self.scanner, images)))
        sending.start()
        wait_until(lambda: self.audit_of("store"), "the first image")
        self.authority.issue("gateway", "DNS:gate.example,IP:127.0.0.1")  # the same files
        self.hang_up("done")
        new = self.shown()
        sending.join()
        self.assertNotEqual(old, new)
        self.assert_stored(answers, 60)
        self.assertEqual(len(self.audit_of("association", calling_ae="SCANNER")), 1)
        wait_until(lambda: len(self.audit_of("store", phase="outcome")) == 60, "the last outcome", 5)
        reload, = self.audit_of("reload")
        self.assertLess(reload["seq"], self.audit_of("store")[-1]["seq"], "the association did not outlive the reload")
        self.assert_moved(self.move_as(self.ward, images[0]), 60)

    def test_a_viewer_is_exchanged_while_an_association_runs(self):
        """Its peer and the rule's group. What is on its way goes on, and is told of to its end."""
        self.viewer.stop()
        self.viewer = self.start(Storescp(self.folder / "slow", "WS1", port=self.viewer.port,
                                          options=("+xa", "--sleep-after", "1", *self.ward.of_dcmtk())))
        images = fabricated(self.folder / "images", 8, rows=16, columns=16)
        self.assert_stored(self.store_as(self.scanner, images), 8)
        text = self.gateway.configuration.read_text()
        with ThreadPoolExecutor(1) as pool:
            moving = pool.submit(self.move_as, self.ward, images[0])
            wait_until(self.viewer.received, "the first image")
            self.gateway.configuration.write_text(text.replace("WS1", "WS2").replace("ward-tablet", "ward-desk"))
            self.hang_up("done")
            self.assertFalse(moving.done(), "the move was over too early")
            self.assert_moved(moving.result(), 8)
        self.assertEqual(self.move_as(self.ward, images[0]).final_status(), NOT_AUTHORISED)

        self.gateway.configuration.write_text(text.replace('"ae_title": "PACS"', '"ae_title": "OTHER"'))
        self.assertIn("archives, which needs a restart", self.hang_up("failed")["detail"])
        self.assertEqual(self.move_as(self.ward, images[0]).final_status(), NOT_AUTHORISED)
        self.gateway.configuration.write_text(text)
        self.hang_up("done")
        self.assert_moved(self.move_as(self.ward, images[0]), 8)

    def test_certificates_that_cannot_be_used(self):
        old = self.shown()
        self.gate.key.write_text("no key\n")
        record = self.hang_up("failed")
        self.assertRegex(record["detail"], r"portcullis\.yaml:\d+:\d+: gateway\.listen\[0\]\.tls\.key: .*no private key")
        self.assertEqual(self.shown(), old)
        image, = fabricated(self.folder / "images", 1)
        self.assert_stored(self.store_as(self.scanner, [image]), 1)
        done = self.gateway.command("check")
        self.assertEqual(done.status, 2, str(done))


if __name__ == "__main__":
    unittest.main()
