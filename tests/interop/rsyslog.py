"""rsyslog as the audit record repository."""

from pathlib import Path

from processes import Daemon, accepts_connections, free_port, wait_until

# It deals with a message before it reads the next: what it has read when it is killed was written. (Its default is a
# queue in memory, which is lost with it.)
CONFIGURATION = """\
global(workDirectory="{folder}" maxMessageSize="256k" {tls})
main_queue(queue.type="Direct")
module(load="{module}" {mode})
input(type="{module}" port="{port}" address="{host}")
template(name="whole" type="string" string="%rawmsg%\\n")
action(type="omfile" file="{received}" template="whole" asyncWriting="off" flushOnTXEnd="on")
"""

TLS = """\
defaultNetstreamDriverCAFile="{0.authorities}" defaultNetstreamDriverCertFile="{0.certificate}"
    defaultNetstreamDriverKeyFile="{0.key}\""""

MODE = 'StreamDriver.Name="gtls" StreamDriver.Mode="1" '


class Rsyslog:
    """`transport`: tls, tcp or udp. `tls`: a pair of pki; `client`: the name that a client's certificate must be for,
    if one is asked for."""

    def __init__(self, folder, transport, tls=None, client=None):
        self.folder, self.transport = Path(folder), transport
        self.folder.mkdir(parents=True)
        self.received = self.folder / "received"
        self.port = free_port()
        # The reservation of the port is a UDP socket at 127.0.0.1.
        self.host = "127.0.0.2" if transport == "udp" else "127.0.0.1"
        mode = ""
        if tls:
            mode = MODE + (f'StreamDriver.AuthMode="x509/name" PermittedPeer="{client}"' if client else
                           'StreamDriver.AuthMode="anon"')
        self.configuration = self.folder / "rsyslog.conf"
        self.configuration.write_text(CONFIGURATION.format(
            folder=self.folder, module="imudp" if transport == "udp" else "imtcp", port=self.port, host=self.host,
            received=self.received, tls=TLS.format(tls) if tls else "", mode=mode))
        self.daemon = None

    def as_configured(self, **more):
        """As `audit.syslog` of the gateway."""
        return {"host": self.host, "port": self.port, "transport": self.transport, **more}

    def start(self):
        self.daemon = Daemon("rsyslog", ["rsyslogd", "-n", "-f", self.configuration, "-i", self.folder / "pid"],
                             self.folder / "rsyslog.log")
        ready = self._listens_udp if self.transport == "udp" else lambda: accepts_connections(self.port)
        wait_until(lambda: self.daemon.ended() or ready(), "rsyslog")
        if self.daemon.ended():
            raise RuntimeError(f"rsyslog ended at once:\n{self.daemon.output()}")
        return self

    def _listens_udp(self):
        address = "0200007F:%04X" % self.port  # as the kernel writes 127.0.0.2
        return address in Path("/proc/net/udp").read_text()

    def stop(self):
        """SIGTERM. Does nothing if it does not run."""
        daemon, self.daemon = self.daemon, None
        if daemon:
            daemon.stop()

    def kill(self):
        """kill -9"""
        daemon, self.daemon = self.daemon, None
        daemon.kill()

    def lines(self):
        """All messages, in the order of their coming, as bytes. What a kill left of a last one is not of them."""
        if not self.received.exists():
            return []
        return [line for line in self.received.read_bytes().split(b"\n")[:-1]
                if line.startswith(b"<") and line.endswith(b">")]
