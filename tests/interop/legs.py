"""The gateway between real peers, with TLS on no leg or on all of them: a tool's own, or socat beside the tool."""

from pathlib import Path

from gateway import Gateway, peer
from matrix import Side
from pki import Authority, FromTls, ToTls
from processes import free_port
from tools import Peer

OWN_TLS = {"storescu", "storescp", "echoscu", "findscu", "dcmrecv", "Orthanc", "dcmjs-dimse"}


class Legs:
    """First servers are started, whose ports `behind` makes known to the gateway, then the gateway."""

    def __init__(self, test, secured):
        self.test, self.secured = test, secured
        self.gateway = Gateway(test.folder / "gateway")
        self.archives, self.peers = [], []
        if secured:
            authority = Authority(test.folder / "pki", "authority")
            self.gate = authority.issue("gateway", "IP:127.0.0.1")
            self.node = authority.issue("node", "IP:127.0.0.1")

    def tls_of(self, program):
        return "-" if not self.secured else "own" if program in OWN_TLS else "socat"

    def side(self, program, role, version=None):
        return Side(program, role, self.tls_of(program), version)

    def pair(self, program):
        """Of a program that has TLS, if it is to use it."""
        return self.node if self.tls_of(program) == "own" else None

    def options(self, program):
        """The same for tools of DCMTK."""
        pair = self.pair(program)
        return pair.of_dcmtk() if pair else []

    def _relay(self, kind, *arguments):
        log = self.test.folder / f"socat-{free_port()}.log"
        return self.test.start(kind(*arguments, log)).port

    def way_to(self, program, port):
        """Where a program finds this port of the gateway."""
        return self._relay(ToTls, port, "gateway", self.node) if self.tls_of(program) == "socat" else port

    def behind(self, program, port):
        """Where the gateway finds a program that listens on this port."""
        return self._relay(FromTls, port, self.node) if self.tls_of(program) == "socat" else port

    def add_archive(self, program, make):
        """`make(folder, title, destinations, own TLS)` starts it. Its title, and that of the gateway for it, are made
        of the program's name."""
        title, destination = program.upper(), f"FOR-{program.upper()}"
        egress = self.way_to(program, self.gateway.egress_port)
        server = self.test.start(make(self.test.folder / f"archive-{program}", title, {destination: egress},
                                      self.pair(program)))
        self.archives.append({"name": program, "ae_title": title, "host": "127.0.0.1",
                              "port": self.behind(program, server.port), "move_titles": [destination], **self._tls()})
        return server

    def add_peer(self, program, title, port):
        """Who may see images, and receives them at this port."""
        self.peers.append({**peer(title, title, self.behind(program, port)), **self._tls()})

    def _tls(self):
        return {"tls": self.gate.configuration()} if self.secured else {}

    def start_gateway(self):
        listen = [{"name": name, "role": role, "address": "127.0.0.1", "port": port, **self._tls()}
                  for name, role, port in (("scanners", "ingress", self.gateway.scanner_port),
                                           ("archive", "egress", self.gateway.egress_port))]
        peers = self.peers or [peer("nobody", "NOBODY")]
        self.gateway.configure(self.archives, peers, [one["name"] for one in peers], gateway={"listen": listen})
        self.test.start(self.gateway.init_keys().start())

    def entrance(self, program):
        return self.way_to(program, self.gateway.scanner_port)

    def caller(self, program, title, called):
        """A tool of DCMTK."""
        return Peer(title, self.entrance(program), called, self.options(program))
