"""The gateway under test."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

from processes import Daemon, build_folder, free_port, run, wait_until

PROGRAM = build_folder() / "gateway" / "portcullis"

RULES = [
    {"operation": "store", "decide": "seal"},
    {"operation": ["echo", "find", "worklist", "mpps", "commitment", "other"], "decide": "relay"},
    {"operation": "retrieve", "from": "viewers", "to": "viewers", "decide": "open"},
]


def peer(name, title, port=None, addresses=("127.0.0.1/32",)):
    """One of `peers`; with a port if it receives."""
    entry = {"name": name, "ae_title": title, "addresses": list(addresses)}
    if port is not None:
        entry.update(host="127.0.0.1", port=port)
    return entry


class Gateway:
    """One gateway: its configuration, its state, its process.

    The ports are chosen first, so that archives which must know them can be started before the gateway:
    `egress_port` is what an archive knows as the move destination `title`.
    """

    title = "PORTCULLIS"

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.scanner_port, self.egress_port, self.admin_port = free_port(), free_port(), free_port()
        self.configuration = self.folder / "portcullis.yaml"
        self.log = self.folder / "gateway.log"
        self.daemon = None

    def configure(self, archives, peers, viewers, **sections):
        """`archives`: name -> (AE title, port), or dicts as in the configuration. `viewers`: names of peers.

        Other sections of the configuration replace what stands here, `gateway` member by member.
        """
        listed = [one if isinstance(one, dict) else
                  {"name": one[0], "ae_title": one[1], "host": "127.0.0.1", "port": one[2]} for one in archives]
        for archive in listed:
            archive.setdefault("move_titles", [self.title])
            archive.setdefault("inbound", {"addresses": ["127.0.0.1/32"]})
        settings = {
            "gateway": {
                "id": "gate-under-test", "tenant": "interop", "ae_title": self.title,
                "listen": [
                    {"name": "scanners", "role": "ingress", "address": "127.0.0.1", "port": self.scanner_port},
                    {"name": "archive", "role": "egress", "address": "127.0.0.1", "port": self.egress_port}],
                **sections.pop("gateway", {})},
            "archives": listed,
            "peers": peers,
            "groups": {"viewers": viewers},
            "policy": {"rules": RULES, "default": "refuse"},
            "keys": {"keyring": str(self.folder / "keys")},
            "registry": f"sqlite://{self.folder}/registry.db",
            "audit": {"log": str(self.folder / "audit")},
            "admin": {"listen": f"127.0.0.1:{self.admin_port}"},
            **sections}
        # JSON is YAML, but an amount with its unit stands without quotes there.
        self.configuration.write_text(re.sub(r'"(\d+(?:ms|[smhd]|[KMG]iB))"', r"\1", json.dumps(settings, indent=2)))
        return self

    def command(self, *words):
        return run([PROGRAM, *words, "--config", self.configuration])

    def init_keys(self):
        done = self.command("keys", "init")
        if done.status != 0:
            raise RuntimeError(str(done))
        return self

    def start(self, *program):
        """`program`: another than the gateway, or what is to run it."""
        self.daemon = Daemon("portcullis", [*(program or [PROGRAM]), "run", "--config", self.configuration], self.log)
        try:
            wait_until(lambda: self.daemon.ended() or self.is_ready(), "the gateway to be ready")
            if self.daemon.ended():
                raise RuntimeError(f"the gateway ended at once:\n{self.daemon.output()}")
        except BaseException:
            self.daemon.kill()
            raise
        return self

    def http(self, path):
        """(status, text) of the admin address; status None if nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None, ""

    def is_ready(self):
        return self.http("/readyz")[0] == 200

    def stop(self):
        """SIGTERM. Raises unless it ends with exit status 0. Does nothing if it does not run."""
        daemon, self.daemon = self.daemon, None
        if daemon is None:
            return
        status = daemon.stop(seconds=40)
        if status != 0:
            raise RuntimeError(f"the gateway ended with {status}:\n{daemon.output()[-6000:]}")

    def kill(self):
        """kill -9"""
        daemon, self.daemon = self.daemon, None
        daemon.kill()

    def audit_records(self):
        """All records of the audit log, as they are in the file."""
        records = []
        for path in sorted((self.folder / "audit").glob("*.log")):
            records += [json.loads(line) for line in path.read_text().splitlines()]
        return records

    def verify_audit(self):
        return self.command("audit", "verify")

    def resident_kib(self, of="VmHWM"):
        """Peak (VmHWM) or present (VmRSS) memory."""
        for line in Path(f"/proc/{self.daemon.process.pid}/status").read_text().splitlines():
            if line.startswith(of + ":"):
                return int(line.split()[1])
        raise RuntimeError(f"no {of}")
