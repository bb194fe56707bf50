"""Results as their page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from home.selectors import topics_with_counts
from languages import registry
from languages.analysis import meaning_words, ngrams, query_words, terms
from search import facets, highlighting, promotions
from search.addresses import ALL, Address
from search.engine import Answer, Hit, Query, Terms
from search.query import find
from service_pages.glance import Glance, glances

PER_PAGE = 20
#: Results beyond are not paged through: other words, or a facet, lead to them.
MOST_PAGES = 50
#: Topics this close to the query (Dice coefficient of trigrams) may be meant; so many are shown.
_NEAR, _MOST_NEAR = 0.45, 4
_CODES = {language.bcp47: language.code for language in registry.LANGUAGES}


@dataclass(frozen=True)
class Elsewhere:
    """A title in another language that has the words, where the reader's has none of them."""

    title: SafeString
    #: BCP 47.
    lang: str
    #: The language's own name.
    name: str


@dataclass(frozen=True)
class Result:
    """One result; titles and summaries are marked HTML."""

    url: str
    title: SafeString
    plain_title: str
    summary: SafeString
    #: BCP 47 where the text is not in the language of the page, else empty.
    lang: str
    agency: str
    #: The kind, where it is no service.
    kind: Any
    glance: Glance | None
    elsewhere: Elsewhere | None
    #: Why editors put it above the others.
    note: str = ""


def results_page(address: Address, language: str, number: int) -> dict[str, Any]:
    """The context of the page with results of an address."""
    answer = _find(address, language, number)
    if not answer.total and not address.kind and not address.chosen:
        # No service fits: whatever else there is.
        wider = _find(address.of_kind(ALL), language, number)
        if wider.total:
            address, answer = address.of_kind(ALL), wider
    paginator = Paginator(range(min(answer.total, MOST_PAGES * PER_PAGE)), PER_PAGE)
    page: Page[int] = paginator.get_page(number)
    if answer.total and not answer.hits and page.number != number:
        answer = _find(address, language, page.number)
    meant = answer.did_you_mean or ""
    promoted = _promoted(answer, language) if page.number == 1 and not address.chosen else []
    above = {result.url for result in promoted}
    return {
        "answer": answer,
        "promoted": promoted,
        "results": [row for row in _results(answer, language) if row.url not in above],
        "page_obj": page,
        "query": address.query(),
        "kinds": facets.kinds(answer, address),
        "menus": facets.menus(answer, address, language),
        "narrowed": bool(address.chosen),
        "plain_url": "?" + address.plain().query(),
        "everything_url": "?" + address.plain().of_kind(ALL).query(),
        "kind": address.kind or "service",
        "before": (page.number - 1) * PER_PAGE,
        "did_you_mean": meant,
        "did_you_mean_url": "?" + address.of_text(meant).query() if meant else "",
    }


def _find(address: Address, language: str, number: int) -> Answer:
    offset = (min(max(number, 1), MOST_PAGES) - 1) * PER_PAGE
    return find(
        Query(
            address.text,
            language,
            everything=True,
            filters=address.filters(),
            offset=offset,
            limit=PER_PAGE,
            with_facets=True,
        )
    )


def _results(answer: Answer, language: str) -> list[Result]:
    found = glances([hit.service_id for hit in answer.hits if hit.service_id], language)
    return [_result(hit, language, answer, found.get(hit.service_id or 0)) for hit in answer.hits]


def _result(hit: Hit, language: str, answer: Answer, glance: Glance | None) -> Result:
    code = _CODES.get(hit.lang, language)
    shown = f"{hit.title} {hit.summary} {hit.agency or ''}"
    wanted = answer.terms
    # Words of a phrase that stands for the query are marked where its own words are not there.
    if not highlighting.has_any(shown, code, wanted):
        wanted = answer.widened
    summary = highlighting.excerpt(hit.summary, code, wanted)
    elsewhere = None
    if not (highlighting.has_any(shown, code, wanted) or highlighting.has_within(shown, wanted)):
        elsewhere = _elsewhere(hit.titles, code, wanted)
    return Result(
        url=hit.url,
        title=highlighting.marked(hit.title, code, wanted),
        plain_title=hit.title,
        summary=highlighting.marked(summary, code, wanted),
        lang="" if code == language else hit.lang,
        agency=hit.agency or "",
        kind=None if hit.kind == "service" else facets.KIND_LABELS[hit.kind][1],
        glance=glance,
        elsewhere=elsewhere,
    )


def _promoted(answer: Answer, language: str) -> list[Result]:
    """What editors put above these results."""
    rows = promotions.promoted(answer.query.text, language)
    if not rows:
        return []
    found = glances([hit.service_id for hit, _note in rows if hit.service_id], language)
    return [
        replace(
            _result(hit, language, answer, found.get(hit.service_id or 0)),
            kind=None,
            note=note,
        )
        for hit, note in rows
    ]


def _elsewhere(titles: Mapping[str, str], code: str, wanted: Terms) -> Elsewhere | None:
    for language in registry.LANGUAGES:
        title = titles.get(language.code, "")
        # Uzbek of the other script has the same words.
        if language.code == code or registry.DERIVED.get(language.code, "") == code:
            continue
        if title and highlighting.has_any(title, language.code, wanted):
            return Elsewhere(
                highlighting.marked(title, language.code, wanted),
                language.bcp47,
                language.name_local,
            )
    return None


def closest_topics(text: str, language: str) -> list[tuple[Any, int]]:
    """Topics with services whose names resemble words of the query, the closest first."""
    wanted = [
        ngrams(stem) for word in meaning_words(query_words(text, language)) for stem in word.stem
    ]
    scored = [
        (max((_alike(one, two) for one in wanted for two in _name_grams(topic.name)), default=0.0),
         topic, number)
        for topic, number in topics_with_counts()
    ]  # fmt: skip
    near = sorted((row for row in scored if row[0] >= _NEAR), key=lambda row: -row[0])
    return [(topic, number) for _score, topic, number in near[:_MOST_NEAR]]


def _name_grams(names: dict[str, str]) -> Sequence[frozenset[str]]:
    return [ngrams(stem) for code, name in names.items() for stem in terms(name, code).stem]


def _alike(one: frozenset[str], two: frozenset[str]) -> float:
    return 2 * len(one & two) / (len(one) + len(two))
