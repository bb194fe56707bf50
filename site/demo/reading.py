"""Read the demonstration content that lives beside this module."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


@lru_cache(maxsize=32)
def load(name: str) -> Any:
    """The parsed file `content/NAME.json`."""
    return json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))


def items(name: str) -> list[dict[str, Any]]:
    """The records of a file."""
    found: list[dict[str, Any]] = load(name)["items"]
    return found
