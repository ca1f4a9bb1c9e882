"""Performed and unified procedure steps, with peers of the tests' own on DCMTK: every data set of requests and
responses passes byte for byte, with the statuses."""

from harness import *
from processes import build_folder

SUPPORT = build_folder() / "tests" / "support"
STEP = "1.2.826.0.1.3680043.2.1125.7"
UNKNOWN = STEP + ".1"

# A sequence, a private element, text in a character set of its own, and a value of odd length.
ATTRIBUTES = """(0008,0005) CS [ISO_IR 192]
(0009,0010) LO [ACME]
(0009,1001) UN 01\\02\\03
(0010,0010) PN [Müller^Jürgen]
(0040,0270) SQ
(fffe,e000) -
(0008,1110) SQ
(fffe,e0dd) -
(0020,000d) UI [1.2.826.0.1.3680043.2.1125.8]
(fffe,e00d) -
(fffe,e0dd) -
(0040,0252) CS [{state}]
"""


class WorkflowScp:
    def __init__(self, folder):
        self.received_folder, self.port = folder / "received", free_port()
        self.received_folder.mkdir(parents=True)
        self.daemon = Daemon("workflow_scp", [SUPPORT / "workflow_scp", self.port, self.received_folder],
                             folder / "workflow_scp.log", self.port)

    def stop(self):
        self.daemon.stop()


class Workflow(InteropTest):
    def start_gateway(self, port, **sections):
        self.gateway = Gateway(self.folder / "gateway")
        self.gateway.configure([("main", "PACS", port)], [peer("reading-room", "WS1")], ["reading-room"], **sections)
        self.start(self.gateway.init_keys().start())

    def attributes(self, state):
        text, path = self.folder / f"{state}.dump", self.folder / f"{state}.dcm"
        text.write_text(ATTRIBUTES.format(state=state))
        done = run(["dump2dcm", "-q", "+te", text, path])
        self.assertEqual(done.status, 0, str(done))
        return path

    def ask(self, port, name, steps):
        """The statuses, and the data sets of all responses."""
        folder = self.folder / f"asked-{name}"
        folder.mkdir()
        done = run([SUPPORT / "workflow_scu", port, folder, *(",".join(map(str, step)) for step in steps)])
        self.assertEqual(done.status, 0, str(done))
        return done.output.splitlines(), data_sets_in(folder)

    def check(self, steps, statuses):
        """The same is asked of two that are alike, of one through the gateway."""
        direct, behind = (self.start(WorkflowScp(self.folder / name)) for name in ("direct", "behind"))
        self.start_gateway(behind.port)
        expected = self.ask(direct.port, "directly", steps)
        self.assertEqual(expected[0], statuses)
        self.assertEqual(self.ask(self.gateway.scanner_port, "through", steps), expected)
        requests = data_sets_in(behind.received_folder)
        self.assertEqual(requests, data_sets_in(direct.received_folder))
        self.assertEqual(len(requests), len([step for step in steps if len(step) > 3]))
        for content in requests + expected[1]:
            self.assertGreater(len(content), 8)
        for content in requests:
            self.assertIn("Müller".encode(), content)

    def test_a_performed_procedure_step(self):
        begun, ended = self.attributes("IN PROGRESS"), self.attributes("COMPLETED")
        self.check([("create", "mpps", STEP, begun), ("create", "mpps", STEP, begun), ("set", "mpps", STEP, ended),
                    ("set", "mpps", UNKNOWN, ended)],
                   ["create 0000", "create 0111", "set 0000", "set 0112"])

    def test_a_unified_procedure_step(self):
        planned = self.attributes("SCHEDULED")
        self.check([("create", "push", STEP, planned), ("create", "push", UNKNOWN + ".1", planned),
                    ("find", "pull", "", planned), ("find", "watch", "", planned), ("action", "pull", STEP, planned),
                    ("set", "pull", STEP, planned), ("get", "watch", STEP), ("get", "push", UNKNOWN)],
                   ["create B300", "create B300", *["find FF00", "find FF00", "find 0000"] * 2, "action C301",
                    "set 0000", "get 0000", "get 0112"])

    def test_steps_that_policy_refuses(self):
        behind = self.start(WorkflowScp(self.folder / "behind"))
        self.start_gateway(behind.port, policy={"rules": [{"operation": "find", "decide": "relay"}],
                                                "default": "refuse"})
        step = ("create", "mpps", STEP, self.attributes("IN PROGRESS"))
        self.assertEqual(self.ask(self.gateway.scanner_port, "through", [step]), (["create 0124"], []))
        self.assertEqual(data_sets_in(behind.received_folder), [])


def data_sets_in(folder):
    """In the order in which they came."""
    return [path.read_bytes() for path in sorted(folder.iterdir())]


if __name__ == "__main__":
    unittest.main()
