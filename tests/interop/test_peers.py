"""Every peer in every role that it has, with the gateway between it and its counterpart, plain and over TLS. What all
of them did is printed as a table when the last test of a run ends: `python3 -m unittest test_peers` has all of it."""

import re

from deeds import JPEG_LOSSLESS
from harness import *
from hostile import DERIVATION
from legs import OWN_TLS
from peers import *
from print_management import PrintJob, pixels_of

TOOLS_OF_DCMTK = {"storescu", "dcmsend", "storescp", "dcmrecv", "movescu", "getscu", "findscu", "echoscu", "dcmqrscp",
                  "wlmscpfs", "dcmprscu", "dcmprscp"}
NATIVE, COMPRESSED = "CT_small.dcm", "SC_rgb_jpeg_gdcm.dcm"


def tearDownModule():
    MATRIX.print()


class Stores(PeerTest):
    def check(self, secured):
        self.start_legs(secured, ARCHIVES | RECEIVERS)
        scanner = self.orthanc_before("SCANNER")
        scanners = {"storescu": self.by_storescu, "dcmsend": self.by_dcmsend, "gdcmscu": self.by_gdcmscu,
                    "Orthanc": lambda images, called: self.by_orthanc(scanner, images, called)}
        for archive, server in self.servers.items():
            for program, store in scanners.items():
                with self.subTest(f"{program} to {archive}"), self.exchange("C-STORE", program, archive) as told:
                    images = self.renewed(NATIVE, COMPRESSED)
                    store(images, archive.upper())
                    self.assert_sealed(images, stored_by(server))
                    told.compared = f"{len(images)} without a pixel in the clear, opened equal"

    def by_storescu(self, images, called):
        self.assert_stored(self.legs.caller("storescu", "STORESCU", called).store(images), len(images))

    def by_dcmsend(self, images, called):
        self.assert_stored([self.legs.caller("dcmsend", "DCMSEND", called).send(images)], len(images))

    def by_gdcmscu(self, images, called):
        self.assertEqual(self.gdcmscu(called).store(images), [0] * len(images))

    def by_orthanc(self, scanner, images, called):
        done = self.ask_orthanc(scanner, called, "store", [scanner.take(image) for image in images])
        self.assertEqual((done["InstancesCount"], done["FailedInstancesCount"]), (len(images), 0))

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Moves(PeerTest):
    """Viewers of each kind, to each kind of destination: a server beside the viewer, or the viewer itself. gdcmscu
    dies of what Orthanc sends, without a gateway, too."""

    def check(self, secured):
        self.prepare(secured, ARCHIVES)
        self.receivers = {program: self.start(make(self.folder / program, f"WS-{program.upper()}", {},
                                                   self.legs.pair(program))) for program, make in RECEIVERS.items()}
        self.receivers["Orthanc"] = self.orthanc_before("WS-ORTHANC")
        for program, receiver in self.receivers.items():
            self.legs.add_peer(program, receiver.title, receiver.port)
        self.own_ports = {program: free_port() for program in ("movescu", "gdcmscu")}
        for program, port in self.own_ports.items():
            self.legs.add_peer(program, f"WS-{program.upper()}", port)
        self.legs.start_gateway()
        for archive in ARCHIVES:
            self.check_archive(archive)

    def check_archive(self, archive):
        called = archive.upper()
        ways = [("movescu", "storescp", self.by_movescu, NATIVE, COMPRESSED),
                ("movescu", "dcmrecv", self.by_movescu, NATIVE, COMPRESSED),
                ("movescu", "movescu", self.by_movescu_to_itself, NATIVE, COMPRESSED),
                ("Orthanc", "Orthanc", self.by_orthanc_to_itself, NATIVE, COMPRESSED)]
        if archive != "Orthanc":
            ways.append(("gdcmscu", "gdcmscu", self.by_gdcmscu_to_itself, NATIVE))
        for scu, receiver, move, *names in ways:
            with self.subTest(f"{scu} of {archive} to {receiver}"), \
                    self.exchange("C-MOVE", scu, archive, receiver) as told:
                images = self.renewed(*names)
                self.assert_stored(self.legs.caller("storescu", "SCANNER", called).store(images), len(images))
                for image in images:
                    self.assert_back([image], move(image, called, receiver))
                told.compared = f"{len(images)} received equal"

    def by_movescu(self, image, called, receiver, *options):
        title = f"WS-{receiver.upper()}"
        answer = self.legs.caller("movescu", title, called).move(Query.study_of(image), title, *options)
        self.assert_moved(answer, 1)
        return stored_by(self.receivers[receiver]) if receiver in self.receivers else {}

    def by_movescu_to_itself(self, image, called, receiver):
        folder = self.folder / f"movescu-{image.stem}"
        folder.mkdir()
        # Not +B, with which 3.6.7 forgets -od.
        self.by_movescu(image, called, receiver, "+P", self.own_ports["movescu"], "+xa", "-od", folder)
        return objects_in(folder)

    def by_gdcmscu_to_itself(self, image, called, receiver):
        folder = self.folder / f"gdcmscu-{image.stem}-{called}"
        viewer = self.gdcmscu(called, "WS-GDCMSCU")
        viewer.move(value_of(image, "0020,000d"), folder, self.own_ports["gdcmscu"])
        return objects_in(folder)

    def by_orthanc_to_itself(self, image, called, receiver):
        viewer = self.receivers["Orthanc"]
        self.ask_orthanc(viewer, called, "move",
                         {"Level": "Study", "TargetAet": viewer.title, "Timeout": 20,
                          "Resources": [{"StudyInstanceUID": value_of(image, "0020,000d")}]})
        return viewer.stored()

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Gets(PeerTest):
    """getscu alone has it. Orthanc decompresses for it, so that of Orthanc only native images are asked for."""

    def check(self, secured):
        self.start_legs(secured, ARCHIVES)
        for archive, *names in (("dcmqrscp", NATIVE, COMPRESSED), ("Orthanc", NATIVE)):
            with self.subTest(archive), self.exchange("C-GET", "getscu", archive) as told:
                images = self.renewed(*names)
                called = archive.upper()
                self.assert_stored(self.legs.caller("storescu", "SCANNER", called).store(images), len(images))
                for image in images:
                    folder = self.folder / f"got-{archive}-{image.stem}"
                    answer = self.legs.caller("getscu", "NOBODY", called).get(Query.study_of(image), folder,
                                                                               transfer_syntax(image))
                    self.assert_moved(answer, 1)
                    self.assert_back([image], objects_in(folder))
                told.compared = f"{len(images)} received equal"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Finds(PeerTest):
    def check(self, secured):
        self.prepare(secured, ARCHIVES)
        viewer = self.orthanc_before("VIEWER")
        self.legs.start_gateway()
        for archive in ARCHIVES:
            images = fabricated(self.folder / f"images-{archive}", 3, rows=16, columns=16)
            called = archive.upper()
            self.assert_stored(self.legs.caller("storescu", "SCANNER", called).store(images), len(images))
            study = value_of(images[0], "0020,000d")
            uids = {sop_instance_uid(image) for image in images}
            with self.subTest(f"findscu of {archive}"), self.exchange("C-FIND", "findscu", archive) as told:
                answer = self.legs.caller("findscu", "FINDSCU", called).find(Query("IMAGE", study, study + ".1"),
                                                                             "SOPInstanceUID")
                self.assertEqual(answer.statuses(), [0xFF00] * 3 + [0])
                self.assertLessEqual(uids, set(re.findall(r"\(0008,0018\) UI \[([\d.]+)", answer.finished.output)))
                told.compared = "3 matches, all UIDs"
            with self.subTest(f"gdcmscu of {archive}"), self.exchange("C-FIND", "gdcmscu", archive) as told:
                self.assertEqual(self.gdcmscu(called).find(study), [0xFF00] * 3 + [0])
                told.compared = "3 matches"
            with self.subTest(f"Orthanc of {archive}"), self.exchange("C-FIND", "Orthanc", archive) as told:
                query = self.ask_orthanc(viewer, called, "query", {"Level": "Instance", "Query": {
                    "StudyInstanceUID": study, "SeriesInstanceUID": study + ".1", "SOPInstanceUID": ""}})
                found = viewer.get(f"/queries/{query['ID']}/answers?expand&simplify")
                self.assertEqual({one["SOPInstanceUID"] for one in found}, uids)
                told.compared = "3 matches, all UIDs"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Echoes(PeerTest):
    """Of each server; and none once it is stopped, so that none of them came from the gateway."""

    def check(self, secured):
        self.prepare(secured, ARCHIVES | RECEIVERS | OTHERS)
        viewer = self.orthanc_before("VIEWER")
        self.legs.start_gateway()
        for program, server in self.servers.items():
            called = program.upper()
            echoscu = self.legs.caller("echoscu", "ECHOSCU", called)
            with self.subTest(f"echoscu of {program}"), self.exchange("C-ECHO", "echoscu", program) as told:
                self.assertTrue(echoscu.echo())
                told.compared = "0000"
            with self.subTest(f"gdcmscu of {program}"), self.exchange("C-ECHO", "gdcmscu", program) as told:
                self.assertEqual(self.gdcmscu(called).echo(), [0])
                told.compared = "0000"
            with self.subTest(f"Orthanc of {program}"), self.exchange("C-ECHO", "Orthanc", program) as told:
                self.assertEqual(self.ask_orthanc(viewer, called, "echo", {}), {})
                told.compared = "0000"
            server.stop()
            self.assertFalse(echoscu.echo(), f"{program} does not run")

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Worklists(PeerTest):
    """gdcmscu asks for studies where it is told to ask for a worklist."""

    def check(self, secured):
        self.prepare(secured, {"wlmscpfs": wlmscpfs})
        scanner = self.orthanc_before("SCANNER")
        self.legs.start_gateway()
        with self.subTest("findscu"), self.exchange("worklist", "findscu", "wlmscpfs") as told:
            answer = self.legs.caller("findscu", "FINDSCU", "WLMSCPFS").worklist("V*", self.folder / "found")
            self.assertEqual(answer.statuses(), [0xFF00] * 2 + [0])
            patients = {value_of(path, "0010,0010") for path in (self.folder / "found").iterdir()}
            self.assertEqual(patients, {"VIVALDI^ANTONIO", "VERDI^GIUSEPPE"})
            told.compared = "2 of 3 entries"
        with self.subTest("Orthanc"), self.exchange("worklist", "Orthanc", "wlmscpfs") as told:
            found = self.ask_orthanc(scanner, "WLMSCPFS", "find-worklist", {"PatientName": "V*"})
            self.assertEqual({one["PatientName"] for one in found}, {"VIVALDI^ANTONIO", "VERDI^GIUSEPPE"})
            told.compared = "2 of 3 entries"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Prints(PeerTest):
    def check(self, secured):
        self.start_legs(secured, {"dcmprscp": dcmprscp})
        image, = fabricated(self.folder / "images", 1)
        with self.exchange("print", "dcmprscu", "dcmprscp") as told:
            job = PrintJob(self.folder / "job", image, "DCMPRSCP", self.legs.entrance("dcmprscu"))
            answer = job.send()
            self.assertEqual((answer.finished.status, set(answer.statuses())), (0, {0}), str(answer))
            printed, = self.servers["dcmprscp"].printed()
            self.assertEqual(pixels_of(printed), pixels_of(job.page()))
            told.compared = f"{len(answer.statuses())} responses 0000, pixels of the page equal"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Commitments(PeerTest):
    """One Orthanc asks another, which answers over an association of its own."""

    def check(self, secured):
        self.prepare(secured, {"Orthanc": lambda folder, title, destinations, tls: Orthanc(
            folder, {"WS-ORTHANC": self.legs.gateway.egress_port}, title, tls=tls)})
        scanner = self.orthanc_before("WS-ORTHANC")
        self.legs.add_peer("Orthanc", scanner.title, scanner.port)
        self.legs.start_gateway()
        images = self.renewed(NATIVE, COMPRESSED)
        with self.exchange("commitment", "Orthanc", "Orthanc") as told:
            done = self.ask_orthanc(scanner, "ORTHANC", "store", {
                "Resources": [scanner.take(image) for image in images], "StorageCommitment": True, "Synchronous": True})
            transaction = done["StorageCommitmentTransactionUID"]
            report = scanner.outcome_of(transaction)
            self.assertEqual(report["Status"], "Success")
            self.assertEqual({one["SOPInstanceUID"] for one in report["Success"]}, set(map(sop_instance_uid, images)))
            self.assert_sealed(images, self.servers["Orthanc"].stored())
            told.compared = f"result names {len(images)} as safe"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Transcoding(PeerTest):
    """An Orthanc that compresses what it is given; that it does not is what the others have."""

    def check(self, secured):
        self.prepare(secured, {"Orthanc": lambda folder, title, destinations, tls: Orthanc(
            folder, destinations, title, tls=tls, IngestTranscoding=JPEG_LOSSLESS)})
        viewer = self.start(storescp(self.folder / "ws1", "WS1", {}, self.legs.pair("storescp")))
        self.legs.add_peer("storescp", "WS1", viewer.port)
        self.legs.start_gateway()
        images = self.renewed(NATIVE)
        with self.exchange("C-STORE, then transcoded", "storescu", "Orthanc") as told:
            self.assert_stored(self.legs.caller("storescu", "SCANNER", "ORTHANC").store(images), len(images))
            stored = self.servers["Orthanc"].stored()
            self.assertEqual({transfer_syntax(path) for path in stored.values()}, {JPEG_LOSSLESS})
            for image in images:
                native = self.folder / f"decompressed-{image.name}"
                done = run(["dcmdjpeg", stored[sop_instance_uid(image)], native])
                self.assertEqual(done.status, 0, str(done))
                self.assert_no_leak(image, native)
            told.compared = f"{len(images)} kept as JPEG Lossless, without a pixel in the clear"
        with self.exchange("C-MOVE of transcoded", "movescu", "Orthanc", "storescp") as told:
            answer = self.legs.caller("movescu", "WS1", "ORTHANC").move(Query.study_of(images[0]), "WS1")
            self.assert_moved(answer, len(images))
            self.assert_back(images, viewer.received(), ARCHIVE_CHANGES | DERIVATION)
            told.compared = f"{len(images)} received equal"

    def test_plain(self):
        self.check(False)

    def test_over_tls(self):
        self.check(True)


class Tools(InteropTest):
    def test_which_have_tls(self):
        """socat stands beside those that have none, and beside no others."""
        having = {tool for tool in TOOLS_OF_DCMTK if "--enable-tls" in run([tool, "--help"]).output}
        self.assertEqual(having, OWN_TLS & TOOLS_OF_DCMTK)


if __name__ == "__main__":
    unittest.main()
