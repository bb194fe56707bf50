"""Results that editors put above the others for certain queries."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from core.links import localised
from core.publishing import kept
from core.texts import pick, pick_with_language
from languages import registry
from languages.analysis import QueryWord, meaning_words, query_words
from search import hits
from search.editorial import Promotion
from search.engine import Hit

#: More would push the results away.
MOST = 3


def promoted(text: str, language: str) -> list[tuple[Hit, str]]:
    """(what is shown, the editors' sentence) above the results of a query, in their order."""
    day = timezone.localdate()
    rows = kept("search:promotions", lambda: list(Promotion.objects.all()))
    if not rows:
        return []
    asked = meaning_words(query_words(text, language))
    chosen = [
        row
        for row in rows
        if row.is_in_force(day)
        and row.language in {"", language}
        and any(
            _same(asked, meaning_words(query_words(line, "uz")))
            for line in row.queries.splitlines()
        )
    ]
    services = [row.service_id for row in chosen if row.service_id]
    found = hits.of_services(services, language) if services else {}
    shown = []
    for row in chosen:
        if row.service_id is None:
            shown.append((_page(row, language), pick(row.note, language)))
        elif row.service_id in found:
            shown.append((found[row.service_id], pick(row.note, language)))
    return shown[:MOST]


def _same(asked: Sequence[QueryWord], promised: Sequence[QueryWord]) -> bool:
    """Whether two queries have the same words, each in some form and spelling, in any order."""
    if not asked or len(asked) != len(promised):
        return False
    left = list(promised)
    for word in asked:
        match = next((other for other in left if word.is_form_of(other)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _page(row: Promotion, language: str) -> Hit:
    title, code = pick_with_language(row.title, language)
    return Hit(
        kind="page",
        slug="",
        title=title,
        lang=registry.by_code(code).bcp47,
        url=localised(row.address, language),
    )
