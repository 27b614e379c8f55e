"""Imported first by scripts in Python: `--help` prints their docstring; else they go on in the
checkout's own .venv, made where it is missing, whatever Python began.
"""

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]

if "--help" in sys.argv:
    print((sys.modules["__main__"].__doc__ or "").strip())
    sys.exit()
if Path(sys.prefix) != HOME / ".venv":
    subprocess.run([HOME / "scripts" / "environment", "requirements-dev.lock"], check=True)
    own = HOME / ".venv/bin/python"
    os.execv(
        own, [own, *sys.argv]
    )  # by its whole name: of "python" the one in PATH would be told its home
sys.path.insert(0, str(HOME))
