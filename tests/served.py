"""A real `discovery serve` of two workers, if not said otherwise, for tests that need sockets and
processes.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.servers import free_port, leave_nothing

PATIENCE_SECONDS = 180.0
"""A bound, not a measure: a service starts in two seconds on a quiet machine, in a minute on a
crowded one.
"""


class Served:
    """`settings` are DISCOVERY_* variables without their prefix, in small letters. `group`: its
    control group; `program`: a Python that has the package.
    """

    def __init__(
        self,
        home: Path,
        log: Path,
        workers: int = 2,
        *,
        port: int = 0,
        arguments: tuple[str, ...] = (),
        group: Path | None = None,
        program: tuple[str, ...] = (sys.executable,),
        **settings: str,
    ) -> None:
        self.port = port or free_port()
        self.log = log
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DISCOVERY_", "PROMETHEUS"))
        }
        env["TMPDIR"] = str(log.parent)
        env |= {
            f"DISCOVERY_{name.upper()}": value
            for name, value in {"home": str(home), **settings}.items()
        }
        words = ["serve", "--port", str(self.port), "--workers", str(workers), *arguments]
        code = f"from discovery.cli import main; main({words})"
        if group is not None:
            code = f"open({str(group / 'cgroup.procs')!r}, 'w').write('0'); {code}"
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [*program, "-c", code], env=env, stdout=out, stderr=out, start_new_session=True
            )
        leave_nothing(self.process)
        self._wait()

    def _wait(self) -> None:
        """Until it answers, and says where: another service may answer on the same port meanwhile."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if b"http://" in self.log.read_bytes() and self.get("/healthz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        self.stop()
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) on a connection of its own."""
        return get(self.port, path, **headers)

    def send(self, data: bytes) -> bytes:
        """All that is answered to raw bytes, until the service closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS) as raw:
            answer = b""
            try:
                raw.sendall(data)
                raw.shutdown(socket.SHUT_WR)
                while part := raw.recv(65_536):
                    answer += part
            except ConnectionError:  # closed on us while we still sent: a refusal too
                pass
            return answer

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of what is served here, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()
