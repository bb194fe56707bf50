"""Make or refresh the virtual environment; the Makefile calls it before anything else.

    python3 scripts/environment.py runtime|dev [--folder .venv]

Runs on the machine's own Python, so nothing but the standard library is imported. What was
installed is written down as the hash of its lock file: a second call with the same lock does
nothing. `uv` installs (the one on PATH, else the one that the developers' lock pins), pip where uv
cannot; both check the hash of every package. NO_UV=1 leaves it to pip.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
OLDEST = (3, 11)


def main() -> int:
    """Returns 0, or 1 after one clear line on what is missing."""
    parser = argparse.ArgumentParser(description="Make or refresh the virtual environment.")
    parser.add_argument("kind", choices=LOCKS)
    parser.add_argument("--folder", type=Path, default=ROOT / ".venv")
    options = parser.parse_args()
    if sys.version_info < OLDEST:
        return _refuse("Python {}.{} or later is needed.".format(*OLDEST))
    try:
        return _prepare(options.folder, options.kind)
    except subprocess.CalledProcessError as error:
        return _refuse(f"Installing failed: {' '.join(map(str, error.cmd))}")


def _refuse(line: str) -> int:
    sys.stderr.write(line + "\n")
    return 1


def _prepare(folder: Path, kind: str) -> int:
    python = str(folder / "bin" / "python")
    stamp = folder / f".stamp-{kind}"
    wanted = hashlib.sha256((ROOT / LOCKS[kind]).read_bytes()).hexdigest()
    works = (
        Path(python).exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0
    )
    if works and stamp.exists() and stamp.read_text() == wanted:
        return 0
    uv = _uv()
    if not works:
        shutil.rmtree(folder, ignore_errors=True)
        if uv is None and not _can_install():
            return _refuse(
                "Python's venv and pip are needed: install python3-venv (Debian) or uv, or set "
                "PYTHON to a Python that has them."
            )
        _say(f"Making {folder.name} with Python {sys.version.split()[0]}")
        if uv is not None:
            subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
        else:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    _say(f"Installing {LOCKS[kind]}")
    lock = str(ROOT / LOCKS[kind])
    uv = uv or _uv_of_the_lock(python, folder)
    if uv is None or not _install_with_uv(uv, python, lock):
        _have_pip(python)
        subprocess.run([*_pip(python), "--require-hashes", "-r", lock], check=True)
    stamp.write_text(wanted)
    if kind == "dev":
        # Its lock holds the runtime's too (tests/workshop/test_locks.py).
        runtime = hashlib.sha256((ROOT / LOCKS["runtime"]).read_bytes()).hexdigest()
        (folder / ".stamp-runtime").write_text(runtime)
    return 0


def _install_with_uv(uv: str, python: str, lock: str) -> bool:
    """Whether it worked: a machine may have told only pip where its packages come from."""
    command = [uv, "pip", "install", "-q", "--python", python, "--require-hashes"]
    ran = subprocess.run([*command, "--compile-bytecode", "-r", lock], check=False)
    return ran.returncode == 0


def _uv_of_the_lock(python: str, folder: Path) -> str | None:
    """The developers' lock pins uv: fetched alone it installs the rest in a third of pip's time."""
    if os.environ.get("NO_UV"):
        return None
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / LOCKS["dev"]).read_text())
    alone = folder / "uv.txt"
    alone.write_text("\n".join(block for block in blocks if block.startswith("uv==")))
    _have_pip(python)
    ran = subprocess.run([*_pip(python), "--require-hashes", "-r", str(alone)], check=False)
    return str(folder / "bin" / "uv") if ran.returncode == 0 else None


def _pip(python: str) -> list[str]:
    return [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _uv() -> str | None:
    """A uv that really runs: a shim on PATH may point nowhere."""
    uv = shutil.which("uv")
    if uv is None or os.environ.get("NO_UV"):
        return None
    ran = subprocess.run([uv, "--version"], capture_output=True, check=False)
    return uv if ran.returncode == 0 else None


def _can_install() -> bool:
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def _have_pip(python: str) -> None:
    """An environment that uv made has no pip."""
    if subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "ensurepip"], stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    sys.exit(main())
