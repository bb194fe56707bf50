"""Texts out to translators' own tools and back: gettext PO, one file an agency and language.

A text comes back only into the place it left from, with the same tags and placeholders; what does
not fit is named with its line and keeps the rest from nothing.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import polib
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, WorkflowState
from wagtail_localize.models import StringSegment, StringTranslation, TranslationContext
from wagtail_localize.strings import StringValue, validate_translation_links

from core.tidying import noting, tidied_translation, told

TOOL = "PO"
_LANGUAGE = "X-Portal-Language"
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Flaw:
    """An entry that was not taken: where in the file, of which page, and why."""

    line: int
    page: str
    text: str
    message: str


@dataclass
class Report:
    """What an import did."""

    written: int = 0
    unchanged: int = 0
    #: Entries without a translation, and those marked fuzzy.
    empty: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    #: Words that were brought to one spelling of signs, as a sentence.
    tidied: str = ""


class NotPo(ValueError):
    """The file is no PO file, or was made for another language."""


# -- out -------------------------------------------------------------------------------------------


def export(pages: Iterable[Page], language: str) -> polib.POFile:
    """All texts of recorded Uzbek pages with their translations so far.

    Where a text changed, its former translation is proposed and marked fuzzy.
    """
    locale = Locale.objects.get(language_code=language)
    titles = {page.translation_key: page.title for page in pages}
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "PO-Revision-Date": timezone.now().strftime("%Y-%m-%d %H:%M%z"),
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        _LANGUAGE: language,
    }
    former = _former(locale, titles)
    seen = set()
    for segment in (
        _segments(titles)
        .annotate_translation(locale, include_errors=True)
        .order_by("source_id", "order")
    ):
        key = segment.context_id, segment.string_id
        if key in seen:
            continue
        seen.add(key)
        entry = polib.POEntry(
            msgctxt=f"{segment.context.object_id}:{segment.context.path}",
            msgid=segment.string.data,
            msgstr=segment.translation or "",
            comment=titles[segment.context.object_id],
        )
        if not entry.msgstr and segment.context_id in former:
            entry.previous_msgid, entry.msgstr = former[segment.context_id]
            entry.flags.append("fuzzy")
        file.append(entry)
    return file


def _segments(keys: Iterable[UUID]) -> Any:
    return StringSegment.objects.filter(
        source__object__in=list(keys), source__locale__language_code=settings.LANGUAGE_CODE
    ).select_related("context", "string")


def _former(locale: Locale, keys: Iterable[UUID]) -> dict[int, tuple[str, str]]:
    """context → (its former text, that one's translation), where there is exactly one."""
    used = set(_segments(keys).values_list("context_id", "string_id"))
    texts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = StringTranslation.objects.filter(
        locale=locale, context__object__in=list(keys), has_error=False
    ).select_related("translation_of")
    for row in rows:
        if row.context_id is not None and (row.context_id, row.translation_of_id) not in used:
            texts[row.context_id].append((row.translation_of.data, row.data))
    return {context: found[0] for context, found in texts.items() if len(found) == 1}


# -- back ------------------------------------------------------------------------------------------


def parse(data: bytes) -> polib.POFile:
    """Read a PO file. Raises NotPo."""
    # polib takes a path or a text; a text that is a path of ours must never be opened.
    with tempfile.NamedTemporaryFile(suffix=".po") as file:
        file.write(data)
        file.flush()
        try:
            return polib.pofile(file.name, encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            # polib names its file first; only the place in it helps.
            where = re.sub(r"^.*\.po\s*", "", str(error))
            raise NotPo(_("This is no PO file: %(reason)s") % {"reason": where}) from error


def import_file(
    file: polib.POFile, language: str, pages: Iterable[Page], user: Any = None
) -> Report:
    """Take the translations of a file for pages that `user` may translate.

    Raises NotPo where the file was made for another language.
    """
    made_for = file.metadata.get(_LANGUAGE) or file.metadata.get("Language", "")
    if made_for != language:
        raise NotPo(
            _("The file is for another language: %(language)s") % {"language": made_for or "–"}
        )
    locale = Locale.objects.get(language_code=language)
    titles = {page.translation_key: page.title for page in pages}
    waiting = _waiting(titles, locale)
    places = {
        (f"{row.context.object_id}:{row.context.path}", row.string.data): row
        for row in _segments(titles)
    }
    contexts = {context for context, _text in places}
    report, wanted = Report(), {}
    for entry in file:
        if entry.obsolete:
            continue
        if not entry.msgstr or entry.fuzzy:
            report.empty += 1
            continue
        context = entry.msgctxt or ""
        segment = places.get((context, entry.msgid))
        if segment is None:
            message = (
                _("The Uzbek text has changed since the file was made.")
                if context in contexts
                else _("There is no such text among the pages that you translate.")
            )
        elif segment.context.object_id in waiting:
            message = _("The page waits for approval.")
        else:
            message = flaw_of(entry.msgid, entry.msgstr)
        if message:
            page = titles.get(_key(context), "")
            report.flaws.append(Flaw(entry.linenum, page, entry.msgid[:120], message))
        elif segment is not None:
            key = segment.string_id, segment.context_id
            wanted[key] = segment.context, entry.msgid, entry.msgstr
    with noting() as pairs:
        texts = {
            key: (place, tidied_translation(text, source, language))
            for key, (place, source, text) in wanted.items()
        }
    report.tidied = told(pairs)
    _write(texts, locale, user, report)
    return report


def _waiting(keys: Iterable[UUID], locale: Locale) -> set[UUID]:
    """Which pages wait for their approver in a language: nothing of them may change."""
    pages = {
        str(pk): key
        for pk, key in Page.objects.filter(translation_key__in=keys, locale=locale).values_list(
            "pk", "translation_key"
        )
    }
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=pages,
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    return {pages[pk] for pk in states.values_list("object_id", flat=True)}


def _key(context: str) -> UUID | None:
    try:
        return UUID(context.partition(":")[0])
    except ValueError:
        return None


def flaw_of(source: str, translation: str) -> str:
    """Why a translation does not fit its source; empty where it does."""
    missing, added = _difference(_PLACEHOLDER.findall(source), _PLACEHOLDER.findall(translation))
    if missing or added:
        return _told(_("placeholders"), missing, added)
    missing, added = _difference(_tags(source), _tags(translation))
    if missing or added:
        return _told(_("tags"), missing, added)
    try:
        StringValue.from_translated_html(translation)
        validate_translation_links(source, translation)
    except ValueError as error:
        return str(error)
    return ""


def _told(what: str, missing: Sequence[str], added: Sequence[str]) -> str:
    parts = [_("Not the same %(what)s as in the Uzbek text.") % {"what": what}]
    if missing:
        parts.append(_("Missing: %(list)s") % {"list": ", ".join(missing)})
    if added:
        parts.append(_("Too much: %(list)s") % {"list": ", ".join(added)})
    return " ".join(parts)


def _difference(source: Iterable[str], translation: Iterable[str]) -> tuple[list[str], list[str]]:
    left, right = Counter(source), Counter(translation)
    return sorted((left - right).elements()), sorted((right - left).elements())


class _TagReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ids = "".join(f' {name}="{value}"' for name, value in sorted(attrs))
        self.found.append(f"<{tag}{ids}>")

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}>")


def _tags(html: str) -> list[str]:
    reader = _TagReader()
    reader.feed(html)
    reader.close()
    return reader.found


@transaction.atomic
def _write(
    wanted: dict[tuple[int, int], tuple[TranslationContext, str]],
    locale: Locale,
    user: Any,
    report: Report,
) -> None:
    contexts = {context.pk for context, _text in wanted.values()}
    known = {
        (row.translation_of_id, row.context_id): row
        for row in StringTranslation.objects.filter(locale=locale, context__in=contexts)
    }
    fresh, changed = [], []
    for (string, context), (place, text) in wanted.items():
        row = known.get((string, context))
        if row is not None and row.data == text and not row.has_error:
            report.unchanged += 1
            continue
        if row is None:
            row = StringTranslation(translation_of_id=string, context=place, locale=locale)
            fresh.append(row)
        else:
            changed.append(row)
        row.data, row.tool_name, row.last_translated_by = text, TOOL, user
        row.translation_type = StringTranslation.TRANSLATION_TYPE_MANUAL
        row.has_error, row.field_error, row.updated_at = False, "", timezone.now()
        if place.path == "title":
            # What wagtail-localize does on saving one text.
            Page.objects.filter(translation_key=place.object_id, locale=locale).update(
                draft_title=text
            )
    StringTranslation.objects.bulk_create(fresh, batch_size=500)
    StringTranslation.objects.bulk_update(
        changed,
        ["data", "tool_name", "last_translated_by", "translation_type", "has_error", "field_error",
         "updated_at"],
        batch_size=500,
    )  # fmt: skip
    report.written = len(fresh) + len(changed)
