"""What views say and read, the same in every room."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """303: the answer to a post is another page, fetched with GET; going back sends nothing again."""

    status_code = 303


def see_other(to: Any, *args: Any) -> SeeOther:
    """303 to what `django.shortcuts.redirect` takes: a name with arguments, a path, a row."""
    return SeeOther(resolve_url(to, *args))


def number_in(text: str | None, digits: int = 18) -> int:
    """What was typed as a whole number of at most so many digits; 0 for anything else.

    Eighteen digits are what a key of the database holds.
    """
    known = text is not None and text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if known else 0  # type: ignore[arg-type]
