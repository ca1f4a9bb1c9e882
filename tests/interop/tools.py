"""DCMTK's tools as scanner and viewer, and what their output says."""

import re
import struct
from contextlib import contextmanager
from pathlib import Path

from processes import Daemon, accepts_connections, free_port, run, wait_until
from profiles import sender_of

EXPLICIT = "1.2.840.10008.1.2.1"  # VR Little Endian
DEFLATED = "1.2.840.10008.1.2.1.99"  # the same, deflated

# Transfer syntax -> the option that lets storescu propose it, and viewers prefer it.
SYNTAX_OPTIONS = {
    "1.2.840.10008.1.2": ("-xi", "+xi"),
    EXPLICIT: ("-xe", "+xe"),
    "1.2.840.10008.1.2.2": ("-xb", "+xb"),
    "1.2.840.10008.1.2.4.50": ("-xy", "+xy"),
    "1.2.840.10008.1.2.4.51": ("-xx", "+xx"),
    "1.2.840.10008.1.2.4.70": ("-xs", "+xs"),
    "1.2.840.10008.1.2.4.80": ("-xt", "+xt"),
    "1.2.840.10008.1.2.4.81": ("-xu", "+xu"),
    "1.2.840.10008.1.2.4.90": ("-xv", "+xv"),
    "1.2.840.10008.1.2.4.91": ("-xw", "+xw"),
    "1.2.840.10008.1.2.5": ("-xr", "+xr"),
    DEFLATED: ("-xd", "+xd"),
}


def read_meta(path):
    """The file meta information: {(group, element): value}, or {} if this is no DICOM file."""
    values = {}
    with open(path, "rb") as file:
        if file.read(132)[128:] != b"DICM":
            return values
        while len(header := file.read(8)) == 8:
            group, element, vr, length = struct.unpack("<HH2sH", header)
            if group != 2:
                break
            if vr in (b"OB", b"UN", b"OW"):
                length = struct.unpack("<I", file.read(4))[0]
            values[group, element] = file.read(length).rstrip(b"\0 ").decode("latin-1")
    return values


def data_set_of(path):
    """The bytes behind the file meta information, whose length stands in its first element."""
    content = Path(path).read_bytes()
    return content[144 + struct.unpack("<I", content[140:144])[0]:]


def sop_class_uid(path):
    return read_meta(path).get((2, 2))


def sop_instance_uid(path):
    return read_meta(path).get((2, 3))


def transfer_syntax(path):
    return read_meta(path).get((2, 0x10))


def objects_in(folder):
    """SOP Instance UID -> file, of all DICOM files below."""
    found = {}
    for path in Path(folder).rglob("*"):
        if path.is_file() and (uid := sop_instance_uid(path)):
            found[uid] = path
    return found


def value_of(path, tag):
    """The text of a top-level element, such as value_of(path, "0020,000d"); None if it is absent or empty."""
    dump = run(["dcmdump", "-q", "-Un", "+p", "+P", tag, path]).output  # names the sequences around a nested one
    match = re.search(rf"^\({tag}\) [^\[\n]*\[(.*)\]", dump, re.MULTILINE | re.IGNORECASE)
    return match.group(1) if match else None


class Query:
    """What a viewer asks for: a study, a series or one instance, with the UIDs above it."""

    def __init__(self, level, study, series=None, instance=None):
        self.level, self.study, self.series, self.instance = level, study, series, instance

    @staticmethod
    def study_of(path):
        return Query("STUDY", value_of(path, "0020,000d"))

    @staticmethod
    def image_of(path):
        return Query("IMAGE", value_of(path, "0020,000d"), value_of(path, "0020,000e"), sop_instance_uid(path))

    def keys(self):
        keys = ["-k", f"QueryRetrieveLevel={self.level}", "-k", f"StudyInstanceUID={self.study}"]
        if self.series:
            keys += ["-k", f"SeriesInstanceUID={self.series}"]
        if self.instance:
            keys += ["-k", f"SOPInstanceUID={self.instance}"]
        return keys


class Answers:
    """The DIMSE responses that a tool was given, in order: dicts of what DCMTK prints of them."""

    def __init__(self, finished):
        self.finished = finished
        self.messages = []
        for block in re.findall(r"INCOMING DIMSE MESSAGE(.*?)END DIMSE MESSAGE", finished.output, re.DOTALL):
            fields = dict(re.findall(r"^D: ([A-Z][^:\n]*?) *: (.*)$", block, re.MULTILINE))
            if fields.get("Message Type", "").endswith("RSP"):
                self.messages.append(fields)

    def statuses(self):
        return [int(message["DIMSE Status"][:6], 16) for message in self.messages]

    def final_status(self):
        """0xNNNN of the last response, or None if there was none."""
        return self.statuses()[-1] if self.messages else None

    def count(self, of):
        """Sub-operations of the last response: "Completed", "Failed", "Warning", "Remaining"."""
        text = self.messages[-1].get(f"{of} Suboperations", "none") if self.messages else "none"
        return 0 if text == "none" else int(text)

    def failed_uids(self):
        lists = re.findall(r"\(0008,0058\) UI \[([^\]]*)\]", self.finished.output)
        return lists[-1].split("\\") if lists else []

    def __str__(self):
        return str(self.finished)


class Peer:
    """A node that calls: its own AE title, and whom it calls. `tls`: the options for it, of tools that have it."""

    def __init__(self, title, port, called="PACS", tls=()):
        self.title, self.port, self.called, self.tls = title, port, called, tls

    def _address(self):
        return [*self.tls, "-aet", self.title, "-aec", self.called, "127.0.0.1", self.port]

    def echo(self):
        """True if the C-ECHO succeeded."""
        done = run(["echoscu", "-v", *self._address()])
        return done.status == 0 and "Received Echo Response (Success)" in done.output

    def find(self, query, *more_keys):
        keys = query.keys()
        for key in more_keys:
            keys += ["-k", key]
        return Answers(run(["findscu", "-d", "-S", *keys, *self._address()]))

    def worklist(self, patient, into):
        """Of a patient, with wildcards; one file `into` for each entry that is found."""
        Path(into).mkdir(parents=True)
        return Answers(run(["findscu", "-d", "-W", "-X", "-od", into, "-k", f"PatientName={patient}",
                            "-k", "ScheduledProcedureStepSequence[0].Modality", *self._address()]))

    def store(self, files, *options):
        """As a scanner does: one association per transfer syntax. The answers of each."""
        by_syntax = {}
        for path in files:
            by_syntax.setdefault(transfer_syntax(path), []).append(path)
        return [Answers(run(["storescu", "-d", "-R", "-nh", SYNTAX_OPTIONS[syntax][0], *options,
                             *self._address(), *paths]))
                for syntax, paths in by_syntax.items()]

    def send(self, files):
        """With dcmsend: as many associations as it likes."""
        return Answers(run(["dcmsend", "-d", "-dn", *self._address(), *files]))

    def store_as_it_is(self, path, sop_class):
        """Whatever its transfer syntax, if DCMTK can read it."""
        profile = sender_of(Path(path).with_suffix(".cfg"), sop_class, transfer_syntax(path))
        return Answers(run(["storescu", "-d", "-xf", profile, "Out", *self._address(), path]))

    def move(self, query, destination, *options):
        return Answers(run(["movescu", "-d", "-S", "-aem", destination, *options, *query.keys(),
                            *self._address()]))

    def get(self, query, into, syntax="1.2.840.10008.1.2.1", *options):
        Path(into).mkdir(parents=True, exist_ok=True)
        return Answers(run(["getscu", "-d", "-S", SYNTAX_OPTIONS[syntax][1], "+B", "-od", into, *options,
                            *query.keys(), *self._address()]))


@contextmanager
def from_address(address, port, log):
    """A port that leads to `port`, but whoever connects there comes from `address`."""
    entrance = free_port()
    relay = Daemon("socat", ["socat", f"TCP-LISTEN:{entrance},bind=127.0.0.1,reuseaddr,fork",
                             f"TCP:127.0.0.1:{port},bind={address}"], log)
    try:
        wait_until(lambda: accepts_connections(entrance), "socat")
        yield entrance
    finally:
        relay.stop()
