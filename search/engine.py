"""What is asked of search and what it answers; what an engine has to do for it.

Pages, the API and suggestions speak to `search.query.find` in these terms alone. The engines
(`search.engines`) execute a plan that is made once, in Python, for all of them, so the same words
find the same services on SQLite, PostgreSQL and Elasticsearch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from search.plans import Plan

#: What results can be narrowed by. Values are keys: an agency's, a topic's, a life event's, an
#: audience's; `yes` or `no` for online and free; `service` or the kind of page for type.
FACETS = ("type", "agency", "topic", "event", "audience", "online", "free")

#: facet → the chosen values; any of them will do.
Filters = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Query:
    """What a reader of `language` (a code of the registry) wants to find."""

    text: str
    language: str = "uz"
    #: Agencies, sections, documents and announcements too, not services alone.
    everything: bool = False
    filters: Filters = field(default_factory=dict)
    offset: int = 0
    limit: int = 10
    #: Count the values of facets: pages show them, the API does not.
    with_facets: bool = False
    #: The text is still being typed.
    typing: bool = False


@dataclass(frozen=True)
class Hit:
    """One thing found, in the reader's language as far as it has one."""

    kind: str
    slug: str
    title: str
    #: BCP 47 of the title.
    lang: str
    url: str
    agency: str | None = None
    summary: str = ""
    #: What it is called in each language, where its words led to it.
    titles: Mapping[str, str] = field(default_factory=dict)
    #: Where it is a service.
    service_id: int | None = None


@dataclass(frozen=True)
class FacetValue:
    """A value that results can be narrowed to, and how many would be left."""

    key: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet with its values, the most frequent first; counts heed the other facets' choices."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Correction:
    """A word that nothing has as typed, and the word it was read as."""

    written: str
    read_as: str


@dataclass(frozen=True)
class Terms:
    """What was looked for: a page marks a word of a text whose views meet these."""

    exact: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    #: Keys of people who type without an Uzbek or Karakalpak layout.
    keys: frozenset[str] = frozenset()
    #: Beginning of words, where the last word may be unfinished.
    beginning: str = ""


@dataclass(frozen=True)
class Answer:
    """Results best first, and what a page says about them."""

    query: Query
    #: All matches, not only those of this page.
    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: tuple[Facet, ...] = ()
    corrections: tuple[Correction, ...] = ()
    #: The whole query with its corrections, in the reader's script; None where none was needed.
    did_you_mean: str | None = None
    terms: Terms = Terms()
    #: The same with the words of phrases that stand for some of the query.
    widened: Terms = Terms()
    #: The node is down or its index is not ready: the database answered in its stead.
    degraded: bool = False
    #: `database` or `elasticsearch`: who answered.
    engine: str = "database"


class EngineUnavailable(Exception):
    """The engine cannot answer now; the message says why, without secrets."""


@dataclass(frozen=True)
class Candidate:
    """A document that matches, with its score by the engine."""

    document_id: int
    score: float


@dataclass(frozen=True)
class Found:
    """What an engine found: the best candidates, the number of all, the facet sets of all."""

    candidates: tuple[Candidate, ...]
    total: int
    #: Set of facet values as `SearchDocument.facets` writes it → matches that have it, whatever
    #: is chosen; empty where facets are not asked for.
    facet_sets: Mapping[str, int] = field(default_factory=dict)


class Engine(Protocol):
    """Executes plans. Raises EngineUnavailable where it cannot."""

    name: str

    def execute(self, plan: Plan, *, window: int) -> Found:
        """The best `window` candidates of a plan."""
