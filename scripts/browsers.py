"""The machine's own Chromium: where it is, and how it is started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.engines.processes import ComponentMissing, which  # noqa: E402

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Nothing in the background, nothing fetched.
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> Path:
    """Chromium's program; installed with apt first where root on Debian lacks it.

    CHROMIUM names another one. Raises ComponentMissing with what to install otherwise.
    """
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    if found := which(*NAMES):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-noto-core"]
        for command in (
            ["apt-get", "-qq", "update"],
            ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages],
        ):
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
        if found := which(*NAMES):
            return found
    raise ComponentMissing("browser tests: install chromium, or set CHROMIUM to its program")


def flags() -> list[str]:
    """Start flags; root has no sandbox to offer."""
    return ["--no-sandbox", *FLAGS] if os.geteuid() == 0 else FLAGS
