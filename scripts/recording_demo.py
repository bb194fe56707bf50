"""`manage.py demo` that writes down which messages it was asked for in Uzbek while serving.

`RECORD_MESSAGES` names the file: a line for each message, `+` or `-` (returned unchanged) and the
message as a JSON string. Messages of the loader do not count: it runs in the main thread.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import threading
from pathlib import Path
from typing import Any

from django.utils.translation.trans_real import CONTEXT_SEPARATOR, DjangoTranslation

ROOT = Path(__file__).resolve().parents[1]
UZBEK = {"uz", "uz-cyrl"}


def record(path: Path) -> None:
    """Note every message that a catalogue is asked for from now on, once each."""
    seen: set[str] = set()
    lock = threading.Lock()

    def note(language: str, message: Any, result: str) -> None:
        if language not in UZBEK or threading.current_thread() is threading.main_thread():
            return
        plain = str(message).rpartition(CONTEXT_SEPARATOR)[2]
        # With a context an unknown message comes back with it.
        unchanged = result in (str(message), plain)
        with lock:
            if message not in seen:
                seen.add(message)
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"{'-' if unchanged else '+'}\t{json.dumps(plain)}\n")

    one, many = DjangoTranslation.gettext, DjangoTranslation.ngettext

    def gettext(self: Any, message: str) -> str:
        result: str = one(self, message)
        note(self.language(), message, result)
        return result

    def ngettext(self: Any, singular: str, plural: str, number: int) -> str:
        result: str = many(self, singular, plural, number)
        note(self.language(), singular, singular if result in (singular, plural) else result)
        return result

    setattr(DjangoTranslation, "gettext", gettext)  # noqa: B010  a patch, for mypy
    setattr(DjangoTranslation, "ngettext", ngettext)  # noqa: B010


if __name__ == "__main__":
    record(Path(os.environ["RECORD_MESSAGES"]))
    sys.argv[0] = str(ROOT / "manage.py")
    runpy.run_path(sys.argv[0], run_name="__main__")
