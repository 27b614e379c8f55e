"""nginx and Caddy from the very files of deploy/, on ports of the test and before a service of it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import free_port, leave_nothing

DEPLOY = Path(__file__).parents[2] / "deploy"
START_SECONDS = 30.0


@contextmanager
def proxy(name: str, folder: Path, *upstreams: int) -> Iterator[int]:
    """Its port, plain HTTP, before one service or two. Skips where it is not installed."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed here")
    port = free_port()
    command = (_nginx if name == "nginx" else _caddy)(program, folder, port, *upstreams)
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"}
        )
    leave_nothing(process)
    try:
        _wait(port, process, folder / f"{name}.log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _nginx(
    program: str, folder: Path, port: int, upstream: int, second: int | None = None
) -> list[str]:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = replaced(text, "listen 8000;", f"listen 127.0.0.1:{port};")
    text = replaced(text, "server web-a:8000", f"server 127.0.0.1:{upstream}")
    text = replaced(text, "server web-b:8000", f"server 127.0.0.1:{second or upstream}")
    text = replaced(text, "/var/cache/nginx/discovery", f"{folder}/cache")
    folders = "".join(f"{each}_temp_path {folder}/{each};\n" for each in ("client_body", "proxy"))
    folders += "".join(
        f"{each}_temp_path {folder}/{each};\n" for each in ("fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\n"
    )
    (folder / "nginx.conf").write_text(
        f"{whole}http {{\naccess_log off;\n{folders}{text}}}\n", encoding="utf-8"
    )
    return [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _caddy(
    program: str, folder: Path, port: int, upstream: int, second: int | None = None
) -> list[str]:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    text = replaced(text, "search.example {", f"http://:{port} {{")
    text = replaced(text, "reverse_proxy 127.0.0.1:8000", f"reverse_proxy 127.0.0.1:{upstream}")
    if second is not None:
        text = replaced(
            text, f":{upstream} {{", f":{upstream} 127.0.0.1:{second} {{\n\t\tlb_try_duration 5s"
        )
    text = text.replace("{\n\tservers", "{\n\tadmin off\n\tservers", 1)
    version = subprocess.run(
        [program, "version"], capture_output=True, text=True, check=True
    ).stdout.lstrip("v")
    if tuple(map(int, version.split(".")[:2])) < (2, 7):  # as the file says, of Debian 12's
        text = replaced(text, "request_buffers 6MB", "buffer_requests")
        text = replaced(
            text, "response_buffers 16MiB", "buffer_responses\n\t\tmax_buffer_size 16MiB"
        )
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    return [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def replaced(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(log.read_text(encoding="utf-8"))
