"""Archives and destinations that the gateway did not make."""

import json
import re
import urllib.request
from pathlib import Path

from processes import Daemon, free_port, run, wait_until
from tools import objects_in

# How dcmqrscp handles compressed objects.
PROFILES = Path(__file__).parents[2] / "deploy" / "dcmqrscp-profiles.cfg"


def profiles_returning(syntaxes):
    """PROFILES, but what is sent is sent in these transfer syntaxes and no others."""
    parts = re.fullmatch(r"(.*?\n\[Out\]\n)(.*?)(\n\[\[SCPSCU.*)", PROFILES.read_text(), re.DOTALL)
    before, sent, after = parts.groups()
    classes = dict.fromkeys(re.findall(r"= (\S+)\\", sent))
    contexts = [f"{name}\\Returned{i}" for name in classes for i in range(len(syntaxes))]
    returned = "".join(f"[Returned{i}]\nTransferSyntax1 = {syntax}\n" for i, syntax in enumerate(syntaxes))
    return (before.replace("[[PresentationContexts]]", f"{returned}\n[[PresentationContexts]]") +
            "".join(f"PresentationContext{i} = {context}\n" for i, context in enumerate(contexts, 1)) + after)


class Dcmqrscp:
    """DCMTK's archive. `destinations`: AE title -> port, the hosts that it knows. `returns`: the transfer
    syntaxes of what it sends by C-MOVE, if not any. `profiles`: a file with profiles In and Out of its own."""

    def __init__(self, folder, destinations, title="PACS", pdu=16384, compressed=True, port=None, returns=None,
                 profiles=PROFILES):
        self.folder, self.title, self.pdu = Path(folder), title, pdu
        self.port = port or free_port()
        self.storage = self.folder / "stored"
        self.storage.mkdir(parents=True, exist_ok=True)
        hosts = "".join(f"host{i} = ({title}, 127.0.0.1, {port})\n"
                        for i, (title, port) in enumerate(destinations.items()))
        (self.folder / "dcmqrscp.cfg").write_text(
            f"NetworkTCPPort = {self.port}\nMaxPDUSize = {pdu}\nMaxAssociations = 64\n"
            f"HostTable BEGIN\n{hosts}HostTable END\nVendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\n{title} {self.storage} RW (1000, 8192mb) ANY\nAETable END\n")
        command = ["dcmqrscp", "-v", "-dhl", "-c", self.folder / "dcmqrscp.cfg", "-pdu", pdu]
        if returns:
            profiles = self.folder / "profiles.cfg"
            profiles.write_text(profiles_returning(returns))
        if compressed:
            command += ["-xf", profiles, "In", "Out"]
        self.daemon = Daemon(f"dcmqrscp {title}", command, self.folder / "dcmqrscp.log", self.port)

    def stored(self):
        """SOP Instance UID -> file as the archive keeps it."""
        return objects_in(self.storage)

    def reindex(self):
        """After someone changed what is stored."""
        (self.storage / "index.dat").unlink()
        done = run(["dcmqridx", self.storage, *self.stored().values()])
        if done.status != 0:
            raise RuntimeError(str(done))

    def stop(self):
        self.daemon.stop()


class Storescp:
    """A destination: receives and keeps what it is sent, bit for bit."""

    def __init__(self, folder, title, pdu=16384, options=("+xa",), port=None):
        self.folder, self.title = Path(folder), title
        self.port = port or free_port()
        self.received_folder = self.folder / "received"
        self.received_folder.mkdir(parents=True, exist_ok=True)
        self.daemon = Daemon(f"storescp {title}",
                             ["storescp", "-v", "-dhl", "--fork", "-aet", title, "-pdu", pdu, "+B", *options,
                              "-od", self.received_folder, self.port],
                             self.folder / "storescp.log", self.port)

    def received(self):
        return objects_in(self.received_folder)

    def stop(self):
        self.daemon.stop()


class Dcmrecv:
    """The other destination of DCMTK's."""

    def __init__(self, folder, title, options=()):
        self.folder, self.title, self.port = Path(folder), title, free_port()
        self.received_folder = self.folder / "received"
        self.received_folder.mkdir(parents=True)
        profile = Path("/etc/dcmtk/storescp.cfg")  # all transfer syntaxes of storage, in the order of their names
        self.daemon = Daemon(f"dcmrecv {title}",
                             ["dcmrecv", "-v", "-dhl", "-aet", title, "-xf", profile, "Default", "+B", *options,
                              "-od", self.received_folder, self.port], self.folder / "dcmrecv.log", self.port)

    def received(self):
        return objects_in(self.received_folder)

    def stop(self):
        self.daemon.stop()


class Orthanc:
    """Orthanc. `destinations`: AE title -> port. `tls`: a pair of pki, and all that it does is over TLS. `more`: of
    its configuration."""

    logs = ["--verbose"]

    def __init__(self, folder, destinations, title="PACS", pdu=16384, tls=None, **more):
        self.folder, self.title = Path(folder), title
        self.port, self.http_port = free_port(), free_port()
        self.storage = self.folder / "stored"
        self.storage.mkdir(parents=True, exist_ok=True)
        self.exports = self.folder / "exports"
        self.exports.mkdir(exist_ok=True)
        (self.folder / "orthanc.json").write_text(json.dumps({
            "Name": title, "StorageDirectory": str(self.storage), "IndexDirectory": str(self.storage),
            "Plugins": [], "HttpPort": self.http_port, "RemoteAccessAllowed": False,
            "DicomAet": title, "DicomPort": self.port, "DicomCheckCalledAet": False,
            "DicomModalities": {f"host{i}": {"AET": name, "Host": "127.0.0.1", "Port": port,
                                             "UseDicomTls": tls is not None}
                                for i, (name, port) in enumerate(destinations.items())},
            "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True, "DicomAlwaysAllowMove": True,
            "DicomAlwaysAllowGet": True, "DicomAlwaysAllowEcho": True, "UnknownSopClassAccepted": True,
            "OverwriteInstances": True, "StableAge": 3600, "MaximumPduLength": pdu, "StorageCompression": False,
            "DicomThreadsCount": 4, "ConcurrentJobs": 4, "HttpThreadsCount": 4, **(tls.of_orthanc() if tls else {}),
            **more}, indent=2))
        self.daemon = Daemon(f"Orthanc {title}", ["Orthanc", *self.logs, self.folder / "orthanc.json"],
                             self.folder / "orthanc.log", self.port)
        wait_until(self._answers, "Orthanc's HTTP server")

    def _request(self, path, data=None, method=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def _answers(self):
        try:
            self._request("/system")
            return True
        except OSError:
            return False

    def get(self, path):
        """What its REST interface answers."""
        return json.loads(self._request(path))

    def post(self, path, what):
        return json.loads(self._request(path, json.dumps(what).encode()))

    def take(self, path):
        """Keeps an object without anybody sending it; Orthanc's own name for it."""
        return json.loads(self._request("/instances", Path(path).read_bytes()))["ID"]

    def outcome_of(self, transaction):
        """What it knows of a storage commitment that it asked for, once it has the result."""
        wait_until(lambda: self.get(f"/storage-commitment/{transaction}")["Status"] != "Pending",
                   "the result of the commitment")
        return self.get(f"/storage-commitment/{transaction}")

    def stored(self):
        """SOP Instance UID -> file with the bytes that Orthanc keeps."""
        for instance in self.get("/instances"):
            (self.exports / instance).write_bytes(self._request(f"/instances/{instance}/file"))
        return objects_in(self.exports)

    def delete(self, uid):
        """The instance of this SOP Instance UID."""
        path = json.loads(self._request("/tools/lookup", uid.encode()))[0]["Path"]
        self._request(path, method="DELETE")

    def stop(self):
        self.daemon.stop()
