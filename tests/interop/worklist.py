"""DCMTK's worklist server."""

from pathlib import Path

from processes import Daemon, free_port, run

ENTRY = """(0008,0005) CS [ISO_IR 100]
(0008,0050) SH [{number}]
(0010,0010) PN [{patient}]
(0010,0020) LO [P{number}]
(0010,0030) DA [17000101]
(0010,0040) CS [O]
(0020,000d) UI [1.2.826.0.1.3680043.2.1125.{number}]
(0032,1060) LO [EXAM{number}]
(0040,0100) SQ
(fffe,e000) -
(0008,0060) CS [CT]
(0040,0001) AE [CT1]
(0040,0002) DA [20260101]
(0040,0003) TM [085607]
(0040,0006) PN [JOHNSON]
(0040,0007) LO [STEP{number}]
(0040,0009) SH [SPD{number}]
(fffe,e00d) -
(fffe,e0dd) -
(0040,1001) SH [RP{number}]
"""


class Wlmscpfs:
    """A worklist of one entry for each patient. `pause`: seconds that it takes over each answer."""

    def __init__(self, folder, patients, title="PACS", pause=0):
        self.folder, self.title, self.port = Path(folder), title, free_port()
        entries = self.folder / title
        entries.mkdir(parents=True)
        (entries / "lockfile").touch()
        for number, patient in enumerate(patients, 1):
            text = entries / f"{number}.dump"
            text.write_text(ENTRY.format(number=number, patient=patient))
            done = run(["dump2dcm", "-q", text, entries / f"{number}.wl"])
            if done.status != 0:
                raise RuntimeError(str(done))
        self.daemon = Daemon(f"wlmscpfs {title}", ["wlmscpfs", "-d", "--sleep-during", pause, "-dfp", self.folder,
                                                   self.port],
                             self.folder / "wlmscpfs.log", self.port)

    def stop(self):
        self.daemon.stop()
