"""What an agency asks for, line by line, and the applicant's answer to each line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

#: More lines than this are one thing: nobody fills in such a form.
MOST_LINES = 20
MOST_TEXT = 2_000
#: Files of one answer.
MOST_FILES = 20


@dataclass(frozen=True)
class Item:
    """One thing that was asked for, with what was typed and what is wrong with it."""

    number: int
    asked: str
    text: str = ""
    error: str = ""
    files: list[UploadedFile] = field(default_factory=list)


def lines_of(text: str) -> list[str]:
    """What was asked for, a line each; a line of signs alone asks for nothing."""
    found = [line.strip(" \t-–•;") for line in text.splitlines()]
    return [line for line in found if any(map(str.isalnum, line))][:MOST_LINES]


def blank(text: str) -> list[Item]:
    """The small form for what was asked."""
    return [Item(number, line) for number, line in enumerate(lines_of(text), 1)]


def read(request: HttpRequest, text: str) -> list[Item]:
    """What was typed and chosen in the small form; an item without an answer says so."""
    found = []
    for item in blank(text):
        typed = request.POST.get(f"answer-{item.number}", "").replace("\x00", "").strip()
        files = request.FILES.getlist(f"files-{item.number}")
        error = ""
        if not typed and not files:
            error = _("Write an answer or attach a file.")
        elif len(typed) > MOST_TEXT:
            error = _("The answer is too long. At most: %(count)s letters") % {"count": MOST_TEXT}
        found.append(replace(item, text=typed, files=files, error=error))
    return found


def written(items: list[Item], more: str, saved: list[dict[str, Any]]) -> dict[str, Any]:
    """The content of the message: `text`, `files`, and `answers` with what was asked.

    `saved` are the kept files in the order of the items, then those that came beside them.
    """
    left = list(saved)
    answers = []
    for item in items:
        count = len(item.files)
        answers.append({"asked": item.asked, "text": item.text,
                        "files": [file["uuid"] for file in left[:count]]})  # fmt: skip
        left = left[count:]
    see = _("(see the attached file)")
    parts = [f"{item.number}. {item.asked}\n{item.text or see}" for item in items]
    text = "\n\n".join([*parts, more.strip()] if more.strip() else parts)
    return {"text": text, "files": saved, "answers": answers}
