"""GDCM's scanner and viewer, gdcmscu. That of Debian 12 aborts after each association that it released, whoever it
called: what it did is told by the statuses that it received, which it prints, and by what others have."""

import re
from pathlib import Path

from processes import run

# As received, and before it prints it once more as decoded.
RESPONSE = re.compile(r"^MessageHeader: 3\n(?:\(0000,0[0-8]..\).*\n)*\(0000,0900\) \?\? \(US\) (\d+)", re.MULTILINE)


class Gdcmscu:
    def __init__(self, title, port, called):
        self.title, self.port, self.called = title, port, called

    def _statuses(self, *options):
        """Of all responses, in their order."""
        done = run(["gdcmscu", "-D", "-H", "127.0.0.1", "-p", self.port, "--aetitle", self.title, "--call",
                    self.called, *options])
        return [int(status) for status in RESPONSE.findall(done.output)]

    def echo(self):
        return self._statuses("--echo")

    def store(self, files):
        return [status for path in files for status in self._statuses("--store", "-i", path)]

    def find(self, study):
        """Its series."""
        return self._statuses("--find", "--studyroot", "--series", "--key", f"20,d={study}", "--key", "20,e=")

    def move(self, study, into, receiving_port):
        """To itself."""
        Path(into).mkdir(parents=True)
        return self._statuses("--move", "--studyroot", "--study", "--key", f"20,d={study}", "--port-scp",
                              receiving_port, "-o", into)
