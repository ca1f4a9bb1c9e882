"""The same conversations straight to an archive and through the gateway: all that differs is intended, and written
in intended-differences.txt. Callers, archives and destinations are compared with what each would see of the other
without a gateway: every field, command element, status and byte of a data set."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from conversations import (OF_A_COMMITMENT, OF_A_PRINTER, OF_A_SLOW_DESTINATION, OF_A_WORKLIST, OF_DCMQRSCP,
                           OF_ORTHANC, PAUSE, Conversation)
from deeds import edited
from differences import Difference, Renamed, compare, read_intended
from harness import *
from print_management import Dcmprscp
from profiles import archive_of
from recorder import Recorder
from samples import PYDICOM
from spoken import what_was_said
from tools import sop_class_uid
from worklist import Wlmscpfs

# One of each class: dcmqrscp sends all objects of a class in one context. The last is made one of a private class.
IMAGES = ["CT_small.dcm", "MR_small_RLE.dcm", "SC_rgb_jpeg_dcmtk.dcm", "rtdose.dcm", "MR_small_implicit.dcm"]
PRIVATE_CLASS = "1.2.826.0.1.3680043.2.1125.9.2"


def taking_everything(folder, _, pause=0):
    return Storescp(folder, "WS1", options=("+xa", "--promiscuous", "--sleep-after", pause))


class Straight:
    """A caller, an archive, and a node that receives. The caller may be that node, so both know the other."""

    def __init__(self, test, folder, make_archive, make_receiver):
        self.folder, self.to_archive, self.to_receiver = folder, test.start(Recorder()), test.start(Recorder())
        self.port = self.to_archive.port
        self.receiver = test.start(make_receiver(folder / "receiver", {"PACS": self.port}))
        self.archive = test.start(make_archive(folder / "archive", {self.receiver.title: self.to_receiver.port}))
        self.to_archive.target, self.to_receiver.target = self.archive.port, self.receiver.port

    def said(self):
        """What was said, as each of them sees it."""
        to_archive, to_receiver = ([what_was_said(one) for one in recorder.take()]
                                   for recorder in (self.to_archive, self.to_receiver))
        return {"caller": to_archive, "archive": to_archive, "archive that calls": to_receiver,
                "receiver": to_receiver}


class Through:
    """The same with the gateway among them."""

    def __init__(self, test, folder, make_archive, make_receiver):
        self.folder, self.gateway = folder, Gateway(folder / "gateway")
        views = ("caller", "archive", "archive that calls", "receiver")
        self.recorders = {view: test.start(Recorder()) for view in views}
        ports = {view: recorder.port for view, recorder in self.recorders.items()}
        self.port = ports["caller"]
        self.receiver = test.start(make_receiver(folder / "receiver", {"PACS": self.port}))
        self.archive = test.start(make_archive(folder / "archive", {
            title: ports["archive that calls"] for title in (self.gateway.title, self.receiver.title)}))
        targets = (self.gateway.scanner_port, self.archive.port, self.gateway.egress_port, self.receiver.port)
        for recorder, target in zip(self.recorders.values(), targets):
            recorder.target = target
        self.gateway.configure([("main", "PACS", ports["archive"])],
                               [peer("reading-room", self.receiver.title, ports["receiver"])], ["reading-room"])
        test.start(self.gateway.init_keys().start())

    def said(self):
        return {view: [what_was_said(one) for one in recorder.take()] for view, recorder in self.recorders.items()}


class Differential(InteropTest):
    def make_images(self):
        images = [renew(PYDICOM / name, self.folder / name, "--study", "new", "--series", "new") for name in IMAGES]
        edited(set={"0008,0016": PRIVATE_CLASS})(images[-1])
        self.assertEqual(sop_class_uid(images[-1]), PRIVATE_CLASS)
        return images

    def converse(self, archive, names, make_archive, images=(), make_receiver=taking_everything, makes_uids=False):
        """Notes the differences, each with where it was seen. `makes_uids`: the nodes themselves make some."""
        sides = [kind(self, self.folder / archive / kind.__name__, make_archive, make_receiver)
                 for kind in (Straight, Through)]
        conversations = [Conversation(side.port, side.folder, images, side.receiver) for side in sides]
        for name in names:
            with ThreadPoolExecutor() as pool:
                list(pool.map(lambda conversation: getattr(conversation, name)(), conversations))
            both = [side.said() for side in sides]
            renamed = Renamed(*both) if makes_uids else lambda said: said
            self.compare(f"{archive}: {name}", *map(renamed, both))

    def compare(self, where, straight, through):
        for view, expected in straight.items():
            expected, actual = (dict(enumerate(associations)) for associations in (expected, through[view]))
            expected, actual = ({("association", key): parts for key, parts in side.items()}
                                for side in (expected, actual))
            for field, kind, how in compare(expected, actual):
                field = field.removeprefix("association ")
                self.seen.setdefault(Difference(view, field, kind), []).append(f"{where}: {how}")

    def test_every_difference_is_intended(self):
        self.seen = {}
        images = self.make_images()
        profiles = archive_of(self.folder / "profiles.cfg",
                              {(sop_class_uid(image), transfer_syntax(image)) for image in images})
        study = fabricated(self.folder / "study", 4, rows=16, columns=16)
        patients = ["VIVALDI^ANTONIO", "BACH^JOHANN", "VERDI^GIUSEPPE"]
        dcmqrscp = partial(Dcmqrscp, profiles=profiles)
        self.converse("dcmqrscp", OF_DCMQRSCP, dcmqrscp, images)
        self.converse("slow", OF_A_SLOW_DESTINATION, dcmqrscp, study, partial(taking_everything, pause=PAUSE))
        self.converse("Orthanc", OF_ORTHANC, Orthanc, images)
        self.converse("committing", OF_A_COMMITMENT, Orthanc, study, partial(Orthanc, title="CT1"), makes_uids=True)
        self.converse("wlmscpfs", OF_A_WORKLIST, lambda folder, _: Wlmscpfs(folder, patients, pause=PAUSE))
        self.converse("dcmprscp", OF_A_PRINTER, lambda folder, _: Dcmprscp(folder), study, makes_uids=True)
        intended = read_intended()
        unintended = [f"{one.view}: {one.field}, {one.kind}\n    " + "\n    ".join(how[:3])
                      for one, how in self.seen.items() if one not in intended]
        if unintended:
            self.fail("\n".join(["differences that are not intended:", *unintended]))
        self.assertEqual(intended - set(self.seen), set(), "listed, and never seen")


if __name__ == "__main__":
    unittest.main()
