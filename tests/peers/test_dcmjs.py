"""dcmjs-dimse, an independent implementation in another language, in each of its roles on the far side of the gateway.
As a client it writes data sets anew, without private elements and with other numerals: then only pixels are compared,
bit for bit. As a server it keeps the bytes that came."""

import dcmjs
from dcmjs import Dcmjs, DcmjsServer
from harness import *
from peers import *

PEER = "dcmjs-dimse"
STEP = "1.2.826.0.1.3680043.2.1125.7"


def tearDownModule():
    MATRIX.print()


def server(folder, title, destinations, tls):
    return DcmjsServer(folder, title, tls)


class DcmjsTest(PeerTest):
    def exchange(self, service, scu, scp, *receiver):
        sides = zip((scu, scp, *receiver), ("SCU", "SCP", "dest"))
        return MATRIX.exchange(service, *(self.legs.side(program, role, dcmjs.version() if program == PEER else None)
                                          for program, role in sides))

    def peer(self, called, title="DCMJS"):
        return Dcmjs(title, self.legs.entrance(PEER), called, self.legs.pair(PEER))

    def assert_pixels(self, image, received):
        uid = sop_instance_uid(image)
        self.assertIn(uid, received)
        different = self.differences(image, received[uid])
        self.assertEqual({name for name in different if name.startswith("(7FE0")}, set())


class Calls(DcmjsTest):
    def check(self, secured):
        self.prepare(secured, ARCHIVES)
        viewer = self.start(server(self.folder / "viewer", "DCMJS", {}, self.legs.pair(PEER)))
        self.legs.add_peer(PEER, "DCMJS", viewer.port)
        self.legs.start_gateway()
        for archive, kept in self.servers.items():
            self.check_archive(archive, kept, viewer)

    def check_archive(self, archive, kept, viewer):
        peer = self.peer(archive.upper())
        sent, image = self.renewed("CT_small.dcm", "CT_small.dcm")
        study = value_of(image, "0020,000d")
        self.assert_stored(self.legs.caller("storescu", "SCANNER", archive.upper()).store([image]), 1)
        with self.subTest(f"echo {archive}"), self.exchange("C-ECHO", PEER, archive) as told:
            self.assertEqual(peer.ask("echo"), [0])
            told.compared = "0000"
        with self.subTest(f"store {archive}"), self.exchange("C-STORE", PEER, archive) as told:
            self.assertEqual(peer.ask("store", files=[str(sent)]), [0])
            self.assert_pixels(sent, self.opened([sent], kept.stored()))
            told.compared = "1 without a pixel in the clear, pixels equal once opened"
        with self.subTest(f"find {archive}"), self.exchange("C-FIND", PEER, archive) as told:
            self.assertEqual(peer.ask("find", study=study), [0xFF00, 0])
            told.compared = "1 match"
        with self.subTest(f"move {archive}"), self.exchange("C-MOVE", PEER, archive, PEER) as told:
            self.assertEqual(peer.ask("move", study=study, destination="DCMJS")[-1], 0)
            self.assert_back([image], viewer.received())
            told.compared = "1 received equal"
        with self.subTest(f"get {archive}"), self.exchange("C-GET", PEER, archive) as told:
            folder = self.folder / f"got-{archive}"
            folder.mkdir()
            self.assertEqual(peer.ask("get", study=study, folder=str(folder))[-1], 0)
            self.assert_pixels(image, objects_in(folder))
            told.compared = "1 received, pixels equal"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Serves(DcmjsTest):
    """It stands where the archive does."""

    def check(self, secured):
        self.start_legs(secured, {PEER: server})
        called = PEER.upper()
        image, = self.renewed("CT_small.dcm")
        with self.subTest("echo"), self.exchange("C-ECHO", "echoscu", PEER) as told:
            self.assertTrue(self.legs.caller("echoscu", "ECHOSCU", called).echo())
            told.compared = "0000"
        with self.subTest("store"), self.exchange("C-STORE", "storescu", PEER) as told:
            self.assert_stored(self.legs.caller("storescu", "SCANNER", called).store([image]), 1)
            self.assert_sealed([image], self.servers[PEER].received())
            told.compared = "1 without a pixel in the clear, opened equal"
        with self.subTest("find"), self.exchange("C-FIND", "findscu", PEER) as told:
            answer = self.legs.caller("findscu", "FINDSCU", called).find(Query.study_of(image), "PatientName")
            self.assertEqual(answer.statuses(), [0xFF00, 0])
            self.assertIn("VIVALDI^ANTONIO", answer.finished.output)
            told.compared = "1 match"
        with self.subTest("steps"), self.exchange("MPPS", PEER, PEER) as told:
            asked = [self.peer(called).ask(what, step=STEP + end)
                     for what, end in (("create", ""), ("create", ""), ("set", ""), ("set", ".1"))]
            self.assertEqual(asked, [[0], [0x0111], [0], [0x0112]])
            told.compared = "N-CREATE, N-SET: 0000, 0111, 0000, 0112"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


if __name__ == "__main__":
    unittest.main()
