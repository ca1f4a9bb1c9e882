"""What a crash left open is closed as unknown, and the archive says whether it holds it."""

import json
import socket
import sqlite3
import subprocess
import threading
from contextlib import closing

from harness import *
from listener import Listener
from pdu_relay import P_DATA, read_pdu, write_pdu
from processes import ENVIRONMENT

INTENT, STORED, REFUSED = range(3)


class Mute(Listener):
    """Stands before an archive that never answers a message; what it is sent passes up to so many bytes of data."""

    def __init__(self, target, most):
        self.target, self.most = target, most
        super().__init__()

    def _take(self, caller):
        threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller):
        with caller, socket.create_connection(("127.0.0.1", self.target)) as called:
            threading.Thread(target=self._answers, args=(called, caller), daemon=True).start()
            passed = 0
            try:
                while (pdu := read_pdu(caller)) is not None:
                    passed += len(pdu.body)
                    if passed <= self.most:
                        write_pdu(called, pdu)
            except OSError:
                pass

    @staticmethod
    def _answers(called, caller):
        try:
            while (pdu := read_pdu(called)) is not None:
                if pdu.kind != P_DATA:
                    write_pdu(caller, pdu)
        except OSError:
            pass


class OpenIntents(GatewayTest):
    def leave_open(self, most):
        """A store that the gateway did not live to see the end of. `most`: bytes that reach the archive."""
        self.start_stack()
        self.image, = fabricated(self.folder / "images", 1)
        relay = self.start(Mute(self.archive.port, most))
        self.restart_before(relay.port, self.gateway.stop)
        scanner = subprocess.Popen(["storescu", "-aet", "SCANNER", "-aec", "PACS", "127.0.0.1",
                                    str(self.gateway.scanner_port), str(self.image)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        self.addCleanup(scanner.wait)
        self.addCleanup(scanner.kill)
        wait_until(lambda: self.of_the_store("intent"), "the intent")

    def restart_before(self, port, end):
        """Ends the gateway, and starts it before an archive at this port."""
        end()
        settings = json.loads(self.gateway.configuration.read_text())
        settings["archives"][0]["port"] = port
        self.gateway.configuration.write_text(json.dumps(settings))
        self.gateway.start()

    def of_the_store(self, phase):
        return self.audit_of("store", phase=phase, sop_instance=sop_instance_uid(self.image))

    def state(self):
        with closing(sqlite3.connect(f"file:{self.gateway.folder}/registry.db?mode=ro", uri=True)) as database:
            return database.execute("select state from object").fetchall()

    def check_found(self, held, state):
        wait_until(lambda: self.of_the_store("lookup"), "what the archive says")
        intent, = self.of_the_store("intent")
        lookup, = self.of_the_store("lookup")
        self.assertEqual((lookup["held"], lookup["archive"], lookup["envelope"]),
                         (held, "main", intent["envelope"]))
        wait_until(lambda: self.state() == [(state,)], "the registry")
        self.restart_before(self.archive.port, self.gateway.stop)  # and it is not asked again
        self.assertEqual([record["status"] for record in self.of_the_store("outcome")], ["unknown"])
        self.assert_audit_verifies()

    def test_what_the_archive_has(self):
        self.leave_open(most=1 << 30)
        wait_until(self.archive.stored, "the archive to store it")
        self.restart_before(self.archive.port, self.gateway.kill)
        self.check_found("yes", STORED)
        self.assert_moved(self.move(self.image), 1)
        self.assert_received(self.image, self.viewer.received())

    def test_what_the_archive_has_not(self):
        self.leave_open(most=1 << 17)
        self.restart_before(self.archive.port, self.gateway.kill)
        self.check_found("no", REFUSED)
        self.assertEqual(self.archive.stored(), {})
        self.store([self.image])  # the scanner, which heard of no success, sends it again
        self.assert_moved(self.move(self.image), 1)
        self.assert_received(self.image, self.viewer.received())

    def test_an_archive_that_is_down(self):
        """It holds up nothing, and what it has is found at the next start at the latest."""
        self.leave_open(most=1 << 30)
        wait_until(self.archive.stored, "the archive to store it")
        self.restart_before(free_port(), self.gateway.kill)
        wait_until(lambda: "asked again later" in self.gateway.log.read_text(), "the question")
        wait_until(lambda: self.of_the_store("outcome"), "the store to be closed")
        self.assertEqual(self.state(), [(INTENT,)])
        self.restart_before(self.archive.port, self.gateway.stop)
        wait_until(lambda: self.of_the_store("lookup"), "what the archive says")
        self.assertEqual([record["held"] for record in self.of_the_store("lookup")], ["yes"])
        wait_until(lambda: self.state() == [(STORED,)], "the registry")
        self.assert_audit_verifies()


if __name__ == "__main__":
    unittest.main()
