"""Services that carry no images to seal pass as bytes, in both directions: worklist and print management."""

from harness import *
from print_management import Dcmprscp, PrintJob, pixels_of
from worklist import Wlmscpfs

# What the printer answers: its state; session, presentation LUT and film box; the image; that it prints; and all is
# deleted.
PRINT_STEPS = ["N-GET RSP", *["N-CREATE RSP"] * 3, "N-SET RSP", "N-ACTION RSP", *["N-DELETE RSP"] * 3]


class OtherServices(InteropTest):
    def start_gateway(self, node, **sections):
        self.gateway = Gateway(self.folder / "gateway")
        self.gateway.configure([("main", "PACS", node.port)], [peer("reading-room", "WS1")], ["reading-room"],
                               **sections)
        self.start(self.gateway.init_keys().start())

    def query(self, port, patient):
        """The statuses, and what was found, byte for byte."""
        folder = self.folder / f"found-{port}"
        answer = Peer("CT1", port).worklist(patient, folder)
        return answer.statuses(), sorted(data_set_of(path) for path in folder.iterdir())

    def test_a_worklist(self):
        node = self.start(Wlmscpfs(self.folder / "worklist", ["VIVALDI^ANTONIO", "BACH^JOHANN", "VERDI^GIUSEPPE"]))
        self.start_gateway(node)
        statuses, found = self.query(self.gateway.scanner_port, "V*")
        self.assertEqual(statuses, [0xFF00, 0xFF00, 0])
        for patient in (b"VIVALDI^ANTONIO", b"VERDI^GIUSEPPE"):
            self.assertEqual(len([entry for entry in found if patient in entry]), 1)
        self.assertEqual((statuses, found), self.query(node.port, "V*"))

    def test_a_worklist_that_policy_refuses(self):
        node = self.start(Wlmscpfs(self.folder / "worklist", ["VIVALDI^ANTONIO"]))
        self.start_gateway(node, policy={"rules": [{"operation": "find", "decide": "relay"}], "default": "refuse"})
        self.assertEqual(self.query(self.gateway.scanner_port, "*"), ([0x0124], []))

    def test_a_film(self):
        printer = self.start(Dcmprscp(self.folder / "printer"))
        self.start_gateway(printer)
        image, = fabricated(self.folder / "images", 1)
        job = PrintJob(self.folder / "job", image, "PACS", self.gateway.scanner_port)
        answer = job.send()
        self.assertEqual(answer.finished.status, 0, str(answer))
        self.assertEqual(set(answer.statuses()), {0}, str(answer))
        self.assertEqual([message["Message Type"] for message in answer.messages], PRINT_STEPS)
        printed, = printer.printed()
        self.assertEqual(pixels_of(printed), pixels_of(job.page()))


if __name__ == "__main__":
    unittest.main()
