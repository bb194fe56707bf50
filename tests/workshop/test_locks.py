"""The lock files agree, and name no place to fetch from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)([^\\]*)", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str, str]]:
    return {(m[1], m[2], m[3].strip()) for m in _PIN.finditer((ROOT / name).read_text())}


def test_the_developers_lock_holds_the_runtimes() -> None:
    # scripts/environment.py takes an environment with the first for one with the second.
    runtime = pins("requirements.txt")
    assert len(runtime) > 40
    assert runtime <= pins("requirements-dev.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks if _PIN.match(block))
    assert "://" not in text
