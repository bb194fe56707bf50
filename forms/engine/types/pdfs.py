"""PDF files: read to the ground, since what runs by itself may be packed where no search sees it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PdfReadError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from forms.engine.types.base import AnswerError

#: Keys and kinds of actions by which a document runs, opens or brings something along.
ACTIVE_KEYS = frozenset(
    {
        "/AA",
        "/EF",
        "/EmbeddedFiles",
        "/EmbeddedFile",
        "/JavaScript",
        "/JS",
        "/RichMediaContent",
        "/XFA",
    }
)
ACTIVE_ACTIONS = frozenset(
    {"/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Rendition",
     "/RichMedia", "/Sound", "/SubmitForm"}
)  # fmt: skip
#: A paper has fewer; a file made to keep us busy has more.
MOST_OBJECTS = 100_000

UNREADABLE = _("The PDF cannot be read. Save it again, or send a photograph of it.")
LOCKED = _("The PDF is locked with a password. Save it without one.")
ACTIVE = _("The PDF holds a program or another file. Print it into a new PDF and send that.")


def check_pdf(content: bytes) -> None:
    """Raises AnswerError on a PDF that is damaged, locked, or does more than being read."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise AnswerError(LOCKED)
        if any(_is_active(found) for found in _dictionaries(reader)):
            raise AnswerError(ACTIVE)
        if not reader.pages:
            raise AnswerError(UNREADABLE)
    except AnswerError:
        raise
    except (
        PdfReadError, PyPdfError, LimitReachedError, ValueError, KeyError, IndexError, TypeError,
        AttributeError, RecursionError, OSError, NotImplementedError, AssertionError, MemoryError,
        OverflowError,
    ) as error:  # fmt: skip
        raise AnswerError(UNREADABLE) from error


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file: those of all objects that its tables name, used or not."""
    numbers = {
        (number, generation) for generation, table in reader.xref.items() for number in table
    } | {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise AnswerError(UNREADABLE)
    yield from _inside(reader.trailer)
    for number, generation in sorted(numbers):
        if number:
            yield from _inside(reader.get_object(IndirectObject(number, generation, reader)))


def _inside(found: Any) -> Iterator[DictionaryObject]:
    """The dictionaries of one object; other objects are met by their own numbers."""
    waiting = [found]
    while waiting:
        part = waiting.pop()
        if isinstance(part, DictionaryObject):
            yield part
            # Raw values: following a reference would go round in circles.
            waiting.extend(dict.values(part))
        elif isinstance(part, ArrayObject):
            waiting.extend(list.__iter__(part))


def _is_active(found: DictionaryObject) -> bool:
    if ACTIVE_KEYS & {str(key) for key in dict.keys(found)}:
        return True
    action = dict.get(found, NameObject("/S"))
    return str(action) in ACTIVE_ACTIONS
