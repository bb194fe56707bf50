"""Tags that every room's templates may use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language
from wagtail.models import Page

from core.links import localised, page_path
from core.texts import pick, pick_with_language
from languages import registry

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """The address of a collected file of ours: as `static`, asked for once in a process."""
    return static(path)


@register.filter
def text(texts: Mapping[str, str] | None) -> str:
    """The text of a text map in the reader's language."""
    return pick(texts or {})


@register.simple_tag
def told(texts: Mapping[str, str] | None) -> str:
    """The text of a text map for the reader; where it lacks their language, it says in which it is."""
    text, language = pick_with_language(texts or {})
    shown = linebreaksbr(text, autoescape=True)
    if not text or language == get_language():
        return shown
    known = registry.by_code(language)
    return format_html('<span lang="{}">{}</span> ({})', known.bcp47, shown, known.name_local)


@register.filter
def lead(label: object) -> str:
    """A label before what is said of it: with a colon, unless it ends with a mark of its own."""
    said = str(label).rstrip()
    return said if said[-1:] in set("?!.:…") else f"{said}:"


@register.filter
def times(factor: object) -> range:
    """A range to loop over a number of times."""
    return range(int(str(factor)))


@register.simple_tag
def portal_link(address: str) -> str:
    """The address as a link: another site's as it is, the portal's in the reader's language."""
    return localised(address, get_language() or "uz")


@register.simple_tag
def page_link(page: Page) -> str:
    """The path of a page in the reader's language, without a query."""
    return page_path(page.url_path, get_language() or "uz")


@register.inclusion_tag("core/components/breadcrumb.html")
def breadcrumb(page: Page) -> dict[str, Any]:
    """The way from the home page to `page`, in one query."""
    language = get_language() or "uz"
    ancestors = page.get_ancestors().filter(depth__gt=1).order_by("path")
    return {
        "items": [
            {"title": title, "url": page_path(url_path, language), "lang": _lang(alias_of)}
            for title, url_path, alias_of in ancestors.values_list("title", "url_path", "alias_of")
        ],
        "current": page.title,
        "current_lang": _lang(page.alias_of_id),
    }


@register.simple_tag
def text_language(page: Page) -> str:
    """` lang="…"` where the text is in another language than the page around it.

    An alias shows the Uzbek text: all languages are translated from it.
    """
    return _lang(page.alias_of_id)


def _lang(alias_of: int | None) -> str:
    if not alias_of or get_language() in {None, registry.SOURCE}:
        return ""
    return format_html(' lang="{}"', registry.by_code(registry.SOURCE).bcp47)
