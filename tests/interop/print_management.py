"""Print management (PS3.4 annex H) with DCMTK's tools: N-GET, N-CREATE, N-SET, N-ACTION and N-DELETE."""

from pathlib import Path

from processes import Daemon, free_port, run
from tools import Answers

PRINTER = "PRINTER"


def configuration(folder, role, title, port):
    """A file that describes one printer, for the side that is in `folder`."""
    for name in ("log", "spool", "database"):
        (folder / name).mkdir(parents=True)
    path = folder / "dcmpstat.cfg"
    path.write_text(
        f"[[GENERAL]]\n[APPLICATION]\nLogDirectory = {folder}/log\n"
        f"[PRINT]\nDirectory = {folder}/spool\nDeletePrintJobs = false\n"
        f"MinPrintResolution = 64\\64\nMaxPrintResolution = 8192\\8192\n"
        f"[DATABASE]\nDirectory = {folder}/database\n[NETWORK]\naetitle = PRINTSCU\n"
        f"[[COMMUNICATION]]\n[{PRINTER}]\nType = {role}\nAetitle = {title}\nHostname = 127.0.0.1\nPort = {port}\n"
        f"Description = a printer\nDisplayFormat = 1,1\\2,2\nFilmSizeID = 8INX10IN\nFilmDestination = MAGAZINE\n"
        f"MagnificationType = REPLICATE\nMediumType = PAPER\nResolutionID = STANDARD\nSmoothingType = NONE\n"
        f"MaxDensity = 320\nMinDensity = 20\nMaxPDU = 32768\nSupports12Bit = true\nSupportsPresentationLUT = true\n")
    return path


def pages_in(folder):
    """The files with the pixels of pages."""
    return list((folder / "database").glob("HG_*.dcm"))


def pixels_of(page):
    """As text."""
    dump = run(["dcmdump", "-q", "+L", "+P", "7fe0,0010", page]).output
    if "(7fe0,0010)" not in dump:
        raise RuntimeError(f"{page}: no pixels: {dump}")
    return dump


class Dcmprscp:
    """A printer: keeps what it would print."""

    def __init__(self, folder, title="PACS"):
        self.folder, self.title, self.port = Path(folder), title, free_port()
        settings = configuration(self.folder, "LOCALPRINTER", title, self.port)
        self.daemon = Daemon(f"dcmprscp {title}", ["dcmprscp", "-d", "-c", settings, "-p", PRINTER],
                             self.folder / "dcmprscp.log", self.port)

    def printed(self):
        return pages_in(self.folder)

    def stop(self):
        self.daemon.stop()


class PrintJob:
    """An image, made ready to be printed by whoever has this title at this port."""

    def __init__(self, folder, image, title, port):
        self.folder = Path(folder)
        self.settings = configuration(self.folder, "PRINTER", title, port)
        done = run(["dcmpsprt", "-c", self.settings, "-p", PRINTER, image], cwd=self.folder)
        if done.status != 0:
            raise RuntimeError(str(done))

    def send(self):
        """Under a label of its own: the printer would make one of the time."""
        jobs = (self.folder / "database").glob("SP_*.dcm")
        return Answers(run(["dcmprscu", "-d", "+d", "-c", self.settings, "-p", PRINTER, "--label", "a job",
                           *jobs], cwd=self.folder))

    def page(self):
        page, = pages_in(self.folder)
        return page
