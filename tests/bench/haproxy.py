"""HAProxy, which only copies: what any proxy costs."""

from processes import Daemon, free_port

CONFIGURATION = """
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen archive
    bind 127.0.0.1:{entrance} {receives}
    server archive 127.0.0.1:{port} {sends}
"""


class Haproxy:
    """Before `port`. `receives`, `sends`: its words for TLS of each leg."""

    def __init__(self, folder, port, receives="", sends=""):
        folder.mkdir(parents=True)
        self.port = free_port()
        (folder / "haproxy.cfg").write_text(CONFIGURATION.format(entrance=self.port, port=port, receives=receives,
                                                                 sends=sends))
        self.daemon = Daemon("haproxy", ["haproxy", "-db", "-f", folder / "haproxy.cfg"], folder / "haproxy.log",
                             self.port)

    def stop(self):
        self.daemon.stop()
