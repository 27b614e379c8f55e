"""Tools of developers that no lock holds: fetched for a test by uv, at the version that it names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

UNREACHABLE = ("Failed to fetch", "error sending request", "Could not connect", "dns error")


def fetching() -> dict[str, str]:
    """uv asks the index, and trusts the authority, that pip does."""
    env = dict(os.environ)
    for name, of_pip in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        value = env.get(name) or env.get(of_pip)
        if value:
            env[name] = value
    return env


def reached(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """Skipped, in CI failed, when the package index does not answer."""
    if done.returncode and any(words in done.stderr for words in UNREACHABLE):
        if os.environ.get("CI") == "true":
            pytest.fail(f"{done.stderr} (CI=true, so this is an error)", pytrace=False)
        pytest.skip("the package index does not answer")
    return done


def tool(package: str, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "tool", "run", "--quiet", "--from", package, program, *words]
    return reached(
        subprocess.run(
            command, env=fetching(), capture_output=True, text=True, check=False, timeout=600
        )
    )
