"""Daemons and tools as child processes that never outlive the test."""

import ctypes
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# Tools and archives of DCMTK wait for delayed acknowledgements otherwise, which only costs time here.
ENVIRONMENT = {**os.environ, "TCP_NODELAY": "1"}

_reservations = []


def free_port():
    """A TCP port of 127.0.0.1 that no other test takes while this process lives.

    The reservation is a UDP socket on the same number, outside the range of outgoing connections.
    """
    seed = os.getpid() * 7919 + len(_reservations) * 104729
    for attempt in range(2000):
        port = 10000 + (seed + attempt * 31) % 20000
        reservation = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            reservation.bind(("127.0.0.1", port))
            probe.bind(("0.0.0.0", port))
        except OSError:
            reservation.close()
            continue
        finally:
            probe.close()
        _reservations.append(reservation)
        return port
    raise RuntimeError("no free port")


def wait_until(condition, what, seconds=20):
    """Polls; raises with `what` if the condition never holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


def accepts_connections(port, address="127.0.0.1"):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((address, port)) == 0


def _die_with_parent():
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Daemon:
    """A server: started in a process group of its own, its output in a log file."""

    def __init__(self, name, command, log, port=None, cwd=None):
        self.name, self.log = name, Path(log)
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, cwd=cwd, env=ENVIRONMENT, start_new_session=True,
                preexec_fn=_die_with_parent)
        if port is not None:
            try:
                wait_until(lambda: self.ended() or accepts_connections(port), f"{name} on port {port}")
                if self.ended():
                    raise RuntimeError(f"{name} ended at once:\n{self.output()}")
            except BaseException:
                self.kill()
                raise

    def ended(self):
        return self.process.poll() is not None

    def output(self):
        return self.log.read_text(errors="replace")

    def _signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def stop(self, seconds=20):
        """SIGTERM; the exit status. Children that are left are killed."""
        if not self.ended():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise TimeoutError(f"{self.name} did not stop within {seconds} s:\n{self.output()}")
        self._signal(signal.SIGKILL)
        return self.process.returncode

    def kill(self):
        """SIGKILL, to the children too."""
        self._signal(signal.SIGKILL)
        self.process.wait()


class Finished:
    """What a tool did: exit status and everything it printed."""

    def __init__(self, command, status, output):
        self.command, self.status, self.output = command, status, output

    def __str__(self):
        return f"{' '.join(self.command)}\nexit status {self.status}\n{self.output[-6000:]}"


def run(command, seconds=120, cwd=None):
    command = [str(part) for part in command]
    # No pipe: who reads it would be woken for each line, and take a processor from what may be measured.
    with tempfile.TemporaryFile() as output:
        tool = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=cwd,
                                env=ENVIRONMENT, preexec_fn=_die_with_parent)
        status = _status_at_its_end(tool, seconds)
        output.seek(0)
        return Finished(command, status, output.read().decode(errors="replace"))


def _status_at_its_end(process, seconds):
    """At once, while subprocess with a timeout looks every 50 ms: times would come in such steps."""
    try:
        with open(os.pidfd_open(process.pid)) as ended:
            waiting = select.poll()
            waiting.register(ended, select.POLLIN)
            if not waiting.poll(1000 * seconds):
                raise subprocess.TimeoutExpired(process.args, seconds)
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
    return process.returncode


def build_folder():
    """Where the project was built; set by ctest."""
    return Path(os.environ.get("PORTCULLIS_BUILD") or Path(__file__).parents[2] / "build" / "release")


def run_judge(tool, *arguments):
    """One of the programs of tests/support."""
    return run([build_folder() / "tests" / "support" / tool, *arguments])
