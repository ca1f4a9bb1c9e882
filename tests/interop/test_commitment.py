"""Storage Commitment: one Orthanc is the scanner, another the archive, which reports on an association of its own."""

from harness import *
from pki import Authority

FAILED_NO_SUCH_OBJECT = 0x0112  # PS3.3 C.14.1.1: no such object instance


class Orthancs(InteropTest):
    """Both know the other at the gateway, and nowhere else."""

    def setUp(self):
        super().setUp()
        self.gateway = Gateway(self.folder / "gateway")
        self.archive = self.start(Orthanc(self.folder / "archive", {"CT1": self.gateway.egress_port}))
        self.scanner = self.start(Orthanc(self.folder / "scanner", {"PACS": self.gateway.scanner_port}, title="CT1"))

    def start_gateway(self, scanner_port, **archive):
        self.configure(scanner_port, **archive)
        self.start(self.gateway.init_keys().start())

    def configure(self, scanner_port, **archive):
        self.gateway.configure([{"name": "main", "ae_title": "PACS", "host": "127.0.0.1", "port": self.archive.port,
                                 **archive}],
                               [peer("ct-1", "CT1", scanner_port), peer("reading-room", "WS1")], ["reading-room"])

    def given_images(self, count):
        """Kept by the scanner; by SOP Instance UID."""
        images = fabricated(self.folder / "images", count, rows=16, columns=16)
        self.assert_stored(Peer("IMPORT", self.scanner.port, "CT1").store(images), count)
        return [sop_instance_uid(image) for image in images]

    def records_of(self, transaction, phase):
        def found():
            return [record for record in self.gateway.audit_records()
                    if record.get("transaction") == transaction and record.get("phase") == phase]
        wait_until(found, f"the audit to tell the {phase}")
        return found()

    def store_with_commitment(self, uids):
        self.assertEqual(set(self.scanner.stored()), set(uids))
        done = self.scanner.post("/modalities/host0/store",
                                 {"Resources": self.scanner.get("/studies"), "StorageCommitment": True,
                                  "Synchronous": True})
        return done["StorageCommitmentTransactionUID"]


class Commitment(Orthancs):
    def test_stored_and_committed(self):
        self.start_gateway(self.scanner.port)
        uids = self.given_images(3)
        transaction = self.store_with_commitment(uids)
        report = self.scanner.outcome_of(transaction)
        self.assertEqual((report["Status"], report["RemoteAET"]), ("Success", "PACS"))
        self.assertEqual({one["SOPInstanceUID"] for one in report["Success"]}, set(uids))
        self.assertEqual(set(self.archive.stored()), set(uids))
        intent, = self.records_of(transaction, "intent")
        outcome, = self.records_of(transaction, "outcome")
        result, = self.records_of(transaction, "result")
        for record in (intent, outcome, result):
            self.assertEqual((record["calling_ae"], record["archive"], record["instances"]), ("CT1", "main", 3))
        self.assertEqual((result["failed"], result["status"], result["peer"]), (0, "0000", "ct-1"))

    def commit(self, instances):
        """Of SOP Instance UIDs of CT images."""
        ct = "1.2.840.10008.5.1.4.1.1.2"
        answer = self.scanner.post("/modalities/host0/storage-commitment",
                                   {"DicomInstances": [{"SOPClassUID": ct, "SOPInstanceUID": uid}
                                                       for uid in instances]})
        return answer["ID"]

    def test_the_archive_does_not_have_it(self):
        self.start_gateway(self.scanner.port)
        transaction = self.commit(["1.2.826.0.1.3680043.2.1125.99"])
        report = self.scanner.outcome_of(transaction)
        self.assertEqual(report["Status"], "Failure")
        self.assertEqual([(one["SOPInstanceUID"], one["FailureReason"]) for one in report["Failures"]],
                         [("1.2.826.0.1.3680043.2.1125.99", FAILED_NO_SUCH_OBJECT)])
        result, = self.records_of(transaction, "result")
        self.assertEqual((result["instances"], result["failed"]), (0, 1))

    def test_the_archive_knows_the_gateway_alone(self):
        """calling_ae: own. The archive reports to the gateway's title, and the scanner hears its own."""
        self.archive.stop()
        self.archive = self.start(Orthanc(self.folder / "archive-2",
                                          {self.gateway.title: self.gateway.egress_port}))
        self.start_gateway(self.scanner.port, calling_ae="own")
        uids = self.given_images(1)
        report = self.scanner.outcome_of(self.store_with_commitment(uids))
        self.assertEqual((report["Status"], report["RemoteAET"]), ("Success", "PACS"))

    def test_the_gateway_restarts_before_the_result(self):
        self.archive.stop()
        later_port = free_port()  # where the archive will find the gateway when that has restarted
        self.archive = self.start(Orthanc(self.folder / "archive-2", {"CT1": later_port}))
        self.start_gateway(self.scanner.port)
        transaction = self.store_with_commitment(self.given_images(1))

        def failed_reports():
            return [job for job in self.archive.get("/jobs?expand") if job["State"] == "Failure"]
        wait_until(failed_reports, "the archive to call in vain")
        self.gateway.stop()
        self.gateway.egress_port = later_port
        self.configure(self.scanner.port)
        self.gateway.start()
        report, = failed_reports()
        self.archive.post(f"/jobs/{report['ID']}/resubmit", {})
        self.assertEqual(self.scanner.outcome_of(transaction)["Status"], "Success")

    def test_a_scanner_that_cannot_be_called(self):
        self.start_gateway(scanner_port=None)
        transaction = self.store_with_commitment(self.given_images(1))

        def refused():
            return [record for record in self.gateway.audit_records() if record["event"] == "refusal"]
        wait_until(refused, "the audit to tell the refusal")
        refusal, = refused()
        self.assertEqual((refusal["transaction"], refusal["status"], refusal["calling_ae"], refusal["reason"]),
                         (transaction, "0110", "CT1", "no host and port configured"))
        self.assertEqual(self.scanner.get(f"/storage-commitment/{transaction}")["Status"], "Pending")


class ByCertificate(Orthancs):
    """Scanner and archive are known by their certificates alone. When the result comes, no certificate of the
    scanner's comes with it."""

    def setUp(self):
        InteropTest.setUp(self)
        authority = Authority(self.folder / "pki", "authority")
        self.gate = authority.issue("gateway", "DNS:gate.example,IP:127.0.0.1").configuration()
        self.gateway = Gateway(self.folder / "gateway")
        self.archive = self.start(Orthanc(self.folder / "archive", {"CT1": self.gateway.egress_port},
                                          tls=authority.issue("pacs", "DNS:pacs.example,IP:127.0.0.1")))
        self.scanner = self.start(Orthanc(self.folder / "scanner", {"PACS": self.gateway.scanner_port}, title="CT1",
                                          tls=authority.issue("ct", "DNS:ct1.radiology.example,IP:127.0.0.1")))

    def test_stored_and_committed(self):
        listen = [{"name": name, "role": role, "address": "127.0.0.1", "port": port, "tls": self.gate}
                  for name, role, port in (("scanners", "ingress", self.gateway.scanner_port),
                                           ("archive", "egress", self.gateway.egress_port))]
        entry = {"name": "main", "ae_title": "PACS", "host": "127.0.0.1", "port": self.archive.port,
                 "tls": self.gate, "inbound": {"certificate": [{"san": "pacs.example"}]}}
        scanner = {"name": "ct-1", "ae_title": "CT1", "host": "127.0.0.1", "port": self.scanner.port,
                   "tls": self.gate, "certificate": [{"san": "*.radiology.example"}]}
        rules = [{"operation": "store", "from": "ct-1", "decide": "seal"},
                 {"operation": "commitment", "from": "ct-1", "decide": "relay"}]
        self.gateway.configure([entry], [scanner], ["ct-1"], gateway={"listen": listen}, policy={"rules": rules})
        self.start(self.gateway.init_keys().start())
        for image in fabricated(self.folder / "images", 2, rows=16, columns=16):
            self.scanner.take(image)
        transaction = self.store_with_commitment(list(self.scanner.stored()))
        report = self.scanner.outcome_of(transaction)
        self.assertEqual((report["Status"], len(report["Success"])), ("Success", 2))
        result, = self.records_of(transaction, "result")
        self.assertEqual((result["peer"], result["status"]), ("ct-1", "0000"))


if __name__ == "__main__":
    unittest.main()
