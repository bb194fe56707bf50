"""All texts of a page through one function: on saving (one spelling of signs), and Cyrillic → Latin.

What was changed is noted (`noting`) and told to whoever saved it (`core.middleware`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation
from wagtail_localize.strings import StringValue

from languages import convert_html
from languages.tidying import changed_words, tidy

Pairs = list[tuple[str, str]]
Convert = Callable[[str], str]
#: What is no prose though it is kept as text.
_NO_PROSE = (models.SlugField, models.URLField, models.EmailField, models.FileField)
_NO_PROSE_BLOCKS = (
    blocks.URLBlock,
    blocks.EmailBlock,
    blocks.RawHTMLBlock,
    blocks.RegexBlock,
    blocks.ChoiceBlock,
)
#: Languages whose texts are tidied on saving.
LANGUAGES = ("uz", "kaa")
#: Changed words that one message names.
SHOWN = 12
_noted: ContextVar[Pairs | None] = ContextVar("tidied", default=None)


@contextmanager
def noting() -> Iterator[Pairs]:
    """Collect (before, after) of every text that is tidied meanwhile."""
    found: Pairs = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def told(pairs: Iterable[tuple[str, str]]) -> str:
    """The words that were changed, each once, as a message; empty where none was."""
    words = [
        f"{old} → {new}"
        for before, after in pairs
        for old, new in changed_words(strip_tags(before), strip_tags(after))
    ]
    if not words:
        return ""
    shown = list(dict.fromkeys(words))
    more = " …" if len(shown) > SHOWN else ""
    return _("Signs were brought to one spelling: %(words)s") % {
        "words": ", ".join(shown[:SHOWN]) + more
    }


def tidied(text: str, language: str) -> str:
    """`tidy` that notes what it changes."""
    fresh = tidy(text, language)
    found = _noted.get()
    if found is not None and fresh != text:
        found.append((text, fresh))
    return fresh


def _fields(model: type[models.Model]) -> Iterator[Any]:
    """The fields of a model in which people write prose, those of Wagtail's Page left out."""
    own = {"title", "seo_title", "search_description"}
    inherited = {field.name for field in Page._meta.get_fields()} - own
    for field in model._meta.concrete_fields:
        if issubclass(model, Page) and field.name in inherited:
            continue
        if isinstance(field, StreamField) or (
            isinstance(field, models.CharField | models.TextField)
            and not (isinstance(field, _NO_PROSE) or field.choices or not field.editable)
        ):
            yield field


def convert_block(block: blocks.Block, value: Any, convert: Convert) -> Any:
    """The stored value of a block with its texts converted."""
    if isinstance(block, blocks.StreamBlock):
        return [
            part | {"value": convert_block(child, part["value"], convert)}
            if (child := block.child_blocks.get(part["type"])) is not None
            else part
            for part in value
        ]
    if isinstance(block, blocks.StructBlock) and isinstance(value, dict):
        known = block.child_blocks
        return {
            name: convert_block(known[name], part, convert) if name in known else part
            for name, part in value.items()
        }
    if isinstance(block, blocks.ListBlock) and isinstance(value, list):
        return [
            part | {"value": convert_block(block.child_block, part["value"], convert)}
            if isinstance(part, dict) and part.get("type") == "item"
            else convert_block(block.child_block, part, convert)
            for part in value
        ]
    if not isinstance(value, str) or isinstance(block, _NO_PROSE_BLOCKS):
        return value
    if isinstance(block, blocks.RichTextBlock):
        return convert_html(value, convert)
    if isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.BlockQuoteBlock):
        return convert(value)
    return value


def convert_row(row: models.Model, convert: Convert) -> bool:
    """Put every text of a row (a page or one of its children) through `convert`; whether one changed."""
    changed = False
    for field in _fields(type(row)):
        value = getattr(row, field.attname)
        if not value:
            continue
        if isinstance(field, StreamField):
            stored = value.get_prep_value()
            fresh = convert_block(field.stream_block, stored, convert)
            if fresh != stored:
                setattr(row, field.attname, field.stream_block.to_python(fresh))
                changed = True
            continue
        whole = convert_html(value, convert) if isinstance(field, RichTextField) else convert(value)
        if whole != value:
            setattr(row, field.attname, whole)
            changed = True
    return changed


def convert_page(page: Page, convert: Convert) -> bool:
    """The same for a page and the rows that belong to it."""
    changed = convert_row(page, convert)
    for relation in get_all_child_relations(type(page)):
        name = relation.get_accessor_name()
        # Comments of editors among themselves are no text of the page.
        if relation.related_model._meta.app_label == "wagtailcore":
            continue
        rows = list(getattr(page, name).all()) if name else []
        found = [convert_row(row, convert) for row in rows]
        if any(found):
            setattr(page, str(name), rows)
            changed = True
    return changed


def _source_texts(key: Any) -> frozenset[str]:
    """Texts that stand, or stood at an earlier sync, in the source of a translation key.

    One query; each text as `convert_html` hands it over and as a plain field holds it.
    """
    now = StringSegment.objects.filter(source__object_id=key).values_list("string__data")
    earlier = StringTranslation.objects.filter(context__object_id=key)
    found: set[str] = set()

    def collect(text: str) -> str:
        found.add(_one_line(text))
        return text

    for (data,) in now.union(earlier.values_list("translation_of__data")):
        convert_html(data, collect)
        collect(StringValue(data).render_text())
    return frozenset(found)


def _one_line(text: str) -> str:
    """Space counts for nothing: wagtail-localize keeps that around a text elsewhere."""
    return " ".join(text.split())


def _spelling(row: Any) -> Convert:
    """How the texts of a page or row in its language are tidied.

    A text that stands there in Uzbek because nobody has translated it stays as its source has it:
    Karakalpak rules would spoil Uzbek words (oʻ is ó there), and it would pass for a translation.
    """
    language = row.locale.language_code

    @cache
    def untranslated() -> frozenset[str]:
        source = language == settings.LANGUAGE_CODE
        return frozenset() if source else _source_texts(row.translation_key)

    def convert(text: str) -> str:
        if tidy(text, language) == text or _one_line(text) in untranslated():
            return text
        return tidied(text, language)

    return convert


def tidy_page(page: Any) -> None:
    """Bring the texts of an Uzbek or Karakalpak page to one spelling of signs."""
    if page.locale.language_code in LANGUAGES and not page.alias_of_id:
        convert_page(page, _spelling(page))


def tidy_row(row: Any) -> None:
    """The same for a translatable row that is no page."""
    if row.locale.language_code in LANGUAGES:
        convert_row(row, _spelling(row))


def tidied_translation(text: str, source: str, language: str) -> str:
    """A translated text (HTML of wagtail-localize) in one spelling; a mere copy of its source stays."""
    if language not in LANGUAGES or text == source:
        return text
    return convert_html(text, lambda part: tidied(part, language))


def tidy_translation(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """The same for one text that a translator saves (`pre_save` of wagtail-localize's row)."""
    if not raw:
        source, language = instance.translation_of.data, instance.locale.language_code
        instance.data = tidied_translation(instance.data, source, language)
