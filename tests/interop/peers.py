"""The servers of the matrix, and what its tests are written with."""

import itertools

from archives import Dcmrecv
from gdcmscu import Gdcmscu
from harness import *
from legs import Legs
from matrix import Matrix
from print_management import Dcmprscp
from samples import PYDICOM
from worklist import Wlmscpfs

MATRIX = Matrix()


def dcmqrscp(folder, title, destinations, tls):
    return Dcmqrscp(folder, destinations, title)


def orthanc(folder, title, destinations, tls):
    return Orthanc(folder, destinations, title, tls=tls)


def storescp(folder, title, destinations, tls):
    return Storescp(folder, title, options=("+xa", *(tls.of_dcmtk() if tls else [])))


def dcmrecv(folder, title, destinations, tls):
    return Dcmrecv(folder, title, tls.of_dcmtk() if tls else [])


def wlmscpfs(folder, title, destinations, tls):
    return Wlmscpfs(folder, ["VIVALDI^ANTONIO", "BACH^JOHANN", "VERDI^GIUSEPPE"], title)


def dcmprscp(folder, title, destinations, tls):
    return Dcmprscp(folder, title)


ARCHIVES = {"dcmqrscp": dcmqrscp, "Orthanc": orthanc}
RECEIVERS = {"storescp": storescp, "dcmrecv": dcmrecv}
OTHERS = {"wlmscpfs": wlmscpfs, "dcmprscp": dcmprscp}


def stored_by(server):
    return server.received() if hasattr(server, "received") else server.stored()


class PeerTest(InteropTest):
    def setUp(self):
        super().setUp()
        self.numbers = itertools.count()  # for names of files

    def prepare(self, secured, servers):
        """All but the gateway, which starts when all that it has to know is there."""
        self.legs = Legs(self, secured)
        self.servers = {program: self.legs.add_archive(program, make) for program, make in servers.items()}

    def start_legs(self, secured, servers):
        self.prepare(secured, servers)
        self.legs.start_gateway()

    def exchange(self, service, scu, scp, *receiver):
        sides = [self.legs.side(scu, "SCU"), self.legs.side(scp, "SCP")]
        return MATRIX.exchange(service, *sides, *(self.legs.side(program, "dest") for program in receiver))

    def gdcmscu(self, called, title="GDCMSCU"):
        return Gdcmscu(title, self.legs.entrance("gdcmscu"), called)

    def orthanc_before(self, title):
        """An Orthanc that knows all servers at the gateway."""
        port = self.legs.entrance("Orthanc")
        return self.start(Orthanc(self.folder / f"orthanc-{title}", {name.upper(): port for name in self.servers},
                                  title, tls=self.legs.pair("Orthanc")))

    def ask_orthanc(self, orthanc, called, what, message):
        """To do something with the server of this title."""
        number = [program.upper() for program in self.servers].index(called)
        return orthanc.post(f"/modalities/host{number}/{what}", message)

    def renewed(self, *names):
        folder = self.folder / "images"
        folder.mkdir(exist_ok=True)
        return [renew(PYDICOM / name, folder / f"{next(self.numbers)}-{name}", "--study", "new", "--series", "new")
                for name in names]

    def assert_back(self, images, received, changes=ARCHIVE_CHANGES):
        for image in images:
            self.assert_received(image, received, changes)

    def opened(self, images, stored):
        """What is stored has none of their pixels. This is what the keys alone make of it."""
        folder = self.folder / f"opened-{next(self.numbers)}"
        sealed = [stored[sop_instance_uid(image)] for image in images]
        for image, path in zip(images, sealed):
            self.assert_no_leak(image, path)
        done = self.legs.gateway.command("open", "--output", folder, *sealed)
        self.assertEqual(done.status, 0, str(done))
        return objects_in(folder)

    def assert_sealed(self, images, stored):
        self.assert_back(images, self.opened(images, stored))
