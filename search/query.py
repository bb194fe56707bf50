"""One entry for every search: what people type in any script, language and spelling → results."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from core.publishing import kept
from core.texts import pick, pick_with_language
from languages import registry
from languages.analysis import QueryWord, query_words
from languages.uzbek import fold
from search.engine import Answer, Hit, Query
from search.models import SearchDocument, SearchTerm, Synonyms
from service_pages.models import CatalogueEntry

EXACT, STEM, SYNONYM, KEYBOARD, PREFIX, TYPO = 1.0, 0.9, 0.8, 0.6, 0.55, 0.4
SHORTEST_PREFIX, SHORTEST_TYPO = 2, 4
MOST_TERMS = 12


@dataclass(frozen=True)
class Result:
    """One thing found, in the reader's language as far as it has one."""

    kind: str
    slug: str
    title: str
    #: BCP 47 of the title.
    lang: str
    url: str
    agency: str | None
    summary: str
    document_id: int
    service_id: int | None


@dataclass(frozen=True)
class Results:
    """A page of results, best first."""

    query: str
    total: int
    results: tuple[Result, ...]
    #: Words that were read as others because nothing had them as typed.
    corrected: bool


def search(
    query: str, language: str, *, limit: int = 10, offset: int = 0, everything: bool = False
) -> Results:
    """Find services (or everything) for a reader of `language`."""
    scores, corrected = _scores(query, language, everything)
    ordered = sorted(scores, key=lambda pk: (-scores[pk], pk))
    page = ordered[offset : offset + limit]
    return Results(query, len(ordered), tuple(_shown(page, language)), corrected)


def find(query: Query) -> Answer:
    """Find what a reader asks for. The one entry: pages, the API and suggestions call it."""
    found = search(
        query.text,
        query.language,
        limit=query.limit,
        offset=query.offset,
        everything=query.everything,
    )
    hits = tuple(
        Hit(
            kind=result.kind, slug=result.slug, title=result.title, lang=result.lang,
            url=result.url, agency=result.agency, summary=result.summary,
            document_id=result.document_id, service_id=result.service_id,
        )
        for result in found.results
    )  # fmt: skip
    return Answer(query, found.total, hits)


def suggest(query: str, language: str, *, limit: int = 8) -> Results:
    """Titles for what is being typed: the last word counts as a beginning."""
    return search(query, language, limit=limit)


def _scores(query: str, language: str, everything: bool) -> tuple[dict[int, float], bool]:
    words = query_words(query, language)[:MOST_TERMS]
    telling = [word for word in words if not word.is_stop]
    # A stop word at the end may be the beginning of a longer one.
    asked = telling or list(words)
    if not asked:
        return {}, False
    best: dict[int, dict[int, float]] = defaultdict(dict)
    corrected = False
    total = max(1, SearchDocument.objects.count())
    for position, word in enumerate(asked):
        found = _matches(word, word is words[-1], language)
        if not found:
            found = _typos(word)
            corrected = corrected or bool(found)
        rarity = math.log(1 + total / max(1, len(found)))
        for document, weight in found.items():
            best[document][position] = weight * rarity
    scores = {
        pk: sum(parts.values()) * (len(parts) / len(asked)) ** 2 for pk, parts in best.items()
    }
    return _ranked(scores, query, everything), corrected


def _wanted(word: QueryWord, factor: float) -> dict[tuple[str, str], float]:
    """(view, term) → how much a match is worth. The reader's language comes first."""
    wanted: dict[tuple[str, str], float] = {}
    for view, texts, worth in (
        ("e", word.exact, EXACT),
        ("s", word.stem, STEM),
        ("k", word.kb, KEYBOARD),
    ):
        for place, text in enumerate(texts):
            later = 1.0 if place == 0 else 0.95
            wanted[(view, text)] = max(wanted.get((view, text), 0), worth * factor * later)
    return wanted


def _matches(word: QueryWord, is_last: bool, language: str) -> dict[int, float]:
    """document → best weight for one word of the query."""
    wanted = _wanted(word, 1.0)
    for other in _synonyms_of(word, language):
        for place, worth in _wanted(other, SYNONYM).items():
            if place[0] != "k":
                wanted[place] = max(wanted.get(place, 0), worth)
    found: dict[int, float] = {}
    rows = SearchTerm.objects.filter(
        view__in={view for view, _term in wanted}, term__in={text for _view, text in wanted}
    ).values_list("document_id", "view", "term", "weight")
    for document, view, text, weight in rows:
        factor = wanted.get((view, text), 0)
        if factor:
            found[document] = max(found.get(document, 0), factor * weight)
    beginning = word.exact[0]
    if is_last and len(beginning) >= SHORTEST_PREFIX:
        beginnings = SearchTerm.objects.filter(
            view="e", term__gte=beginning, term__lt=beginning + "{"
        ).values_list("document_id", "weight")
        for document, weight in beginnings:
            found[document] = max(found.get(document, 0), PREFIX * weight)
    return found


def _synonyms_of(word: QueryWord, language: str) -> list[QueryWord]:
    """Words of the groups that a word stands in (by its stems)."""
    groups = _groups(language)
    found: dict[str, QueryWord] = {}
    for stem in word.stem:
        for other in groups.get(stem, ()):
            found[other.exact[0]] = other
    found.pop(word.exact[0], None)
    return list(found.values())


def _groups(language: str) -> dict[str, tuple[QueryWord, ...]]:
    return kept(f"search:synonyms:{language}", lambda: _read_groups(language))


def _read_groups(language: str) -> dict[str, tuple[QueryWord, ...]]:
    collected: dict[str, list[QueryWord]] = defaultdict(list)
    for row in Synonyms.objects.all():
        # A group of single words stands for each other; a phrase only explains.
        members = [query_words(text, language) for text in row.words.split("\n")]
        single = [words[0] for words in members if len(words) == 1]
        for word in single:
            collected[word.stem[0]].extend(single)
            collected[word.exact[0]].extend(single)
    return {stem: tuple(words) for stem, words in collected.items()}


def _typos(word: QueryWord) -> dict[int, float]:
    """Documents with a word one typing error away (two from eight letters)."""
    text = word.exact[0]
    if len(text) < SHORTEST_TYPO:
        return {}
    most = 2 if len(text) >= 8 else 1
    close = [known for known in _vocabulary() if _within(text, known, most)]
    rows = SearchTerm.objects.filter(view="e", term__in=close[:50]).values_list(
        "document_id", "weight"
    )
    found: dict[int, float] = {}
    for document, weight in rows:
        found[document] = max(found.get(document, 0), TYPO * weight)
    return found


def _vocabulary() -> tuple[str, ...]:
    words = SearchTerm.objects.filter(view="e").values_list("term", flat=True).distinct()
    return kept("search:vocabulary", lambda: tuple(words))


def _within(left: str, right: str, most: int) -> bool:
    """Whether two words are at most `most` edits (or swaps of neighbours) apart."""
    if abs(len(left) - len(right)) > most:
        return False
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def _ranked(scores: dict[int, float], query: str, everything: bool) -> dict[int, float]:
    """Keep what was asked for; a phrase in the title lifts, popularity breaks ties."""
    phrase = fold(query)
    rows = SearchDocument.objects.filter(pk__in=scores)
    if not everything:
        rows = rows.filter(kind="service")
    result = {}
    for pk, text, popularity in rows.values_list("pk", "phrase", "service__figures__views_90"):
        score = scores[pk]
        if phrase and phrase in text.split(" | "):
            score *= 2
        elif phrase and " " in phrase and phrase in text:
            score *= 1.3
        result[pk] = score + math.log1p(popularity or 0) / 1000
    return result


def _shown(page: list[int], language: str) -> list[Result]:
    documents = SearchDocument.objects.in_bulk(page)
    entries = {
        entry.service_id: entry
        for entry in CatalogueEntry.objects.filter(
            language=language, service__search_document__in=page
        ).select_related("agency", "service")
    }
    results = []
    for pk in page:
        document = documents[pk]
        entry = entries.get(document.service_id) if document.service_id else None
        if entry is not None:
            results.append(
                Result(
                    kind="service",
                    slug=entry.service.key,
                    title=entry.title,
                    lang=registry.by_code(entry.text_language).bcp47,
                    url=entry.path,
                    agency=pick(entry.agency.name, language) or None,
                    summary=entry.summary,
                    document_id=pk,
                    service_id=document.service_id,
                )
            )
            continue
        title, code = pick_with_language(document.titles, language)
        path = document.paths.get(language) or pick(document.paths, language)
        results.append(
            Result(
                kind=document.kind,
                slug=path.rstrip("/").rsplit("/", 1)[-1],
                title=title,
                lang=registry.by_code(code).bcp47,
                url=path,
                agency=None,
                summary="",
                document_id=pk,
                service_id=None,
            )
        )
    return results
