"""What every row of the room has in common."""

from __future__ import annotations

from core.rows import Row
from core.rows import WrittenOnce as AppendOnly

__all__ = ["AppendOnly", "Row"]
