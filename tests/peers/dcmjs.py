"""dcmjs-dimse as scanner, viewer and server."""

import json
import os
from pathlib import Path

from processes import Daemon, free_port, run
from tools import objects_in

PROGRAM = Path(__file__).with_name("dimse.js")
INSTALLED = Path(os.environ["PORTCULLIS_PEERS"])  # where node_modules is


def version():
    return json.loads((INSTALLED / "node_modules" / "dcmjs-dimse" / "package.json").read_text())["version"]


def command(wish, tls):
    """`tls`: a pair of pki, if it is to use it."""
    files = tls and {name: str(getattr(tls, name)) for name in ("key", "certificate", "authorities")}
    return ["env", f"NODE_PATH={INSTALLED / 'node_modules'}", "node", PROGRAM, json.dumps({**wish, "tls": files})]


class Dcmjs:
    def __init__(self, title, port, called, tls):
        self.title, self.port, self.called, self.tls = title, port, called, tls

    def ask(self, what, **more):
        """The statuses of all responses."""
        done = run(command({"what": what, "port": self.port, "calling": self.title, "called": self.called, **more},
                           self.tls))
        if done.status != 0:
            raise RuntimeError(str(done))
        return json.loads(done.output.splitlines()[-1])


class DcmjsServer:
    def __init__(self, folder, title, tls):
        self.folder, self.title, self.port = Path(folder), title, free_port()
        self.received_folder = self.folder / "received"
        self.received_folder.mkdir(parents=True)
        self.daemon = Daemon(f"dcmjs-dimse {title}",
                             command({"what": "serve", "port": self.port, "folder": str(self.received_folder)}, tls),
                             self.folder / "dcmjs.log", self.port)

    def received(self):
        return objects_in(self.received_folder)

    def stop(self):
        self.daemon.stop()
