"""Wagtail's search backend of the admin: the same analysis as in public, within what one may see.

Wagtail's own tables are left empty: they find no other script, no other spelling and no typo, and
every save computes averages over all their entries. Here a save writes the words that changed. The
caller's queryset says who may see what; it becomes part of the statement, so nothing outside it is
counted, ranked or returned. What has all words of the query is found; where nothing has, any will do.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
)
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Or, Phrase, PlainText

from languages.uzbek import fold
from search import planning, vocabulary
from search.admin_index import index as entries
from search.admin_index.models import AdminEntry
from search.corpora import ADMIN
from search.engine import Query
from search.engines.database import Parameters, matches_of, rows

#: Of a query: more is not read.
_LONGEST = 200
_ENTRIES = AdminEntry._meta.db_table


def text_of(query: Any) -> str:
    """The words of a query. Raises NotImplementedError for what has none, such as a negation."""
    if isinstance(query, PlainText | Phrase | Fuzzy):
        return str(query.query_string)
    if isinstance(query, Boost):
        return text_of(query.subquery)
    if isinstance(query, And | Or):
        return " ".join(map(text_of, query.subqueries))
    raise NotImplementedError(f"{type(query).__name__} cannot be searched for in the admin.")


class Compiler(BaseSearchQueryCompiler):
    """A query, and the rows that it may find.

    `fields` narrows nothing: an object is found by any of its words.
    """

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    def check(self) -> None:
        """Nothing to check: the queryset is asked as it is, whatever it filters and orders by."""

    @property
    def wants_everything(self) -> bool:
        """Whether there is no query."""
        return isinstance(self.query, MatchAll)

    @cached_property
    def text(self) -> str:
        """What was typed."""
        return "" if self.wants_everything else text_of(self.query)[:_LONGEST]

    @cached_property
    def statement(self) -> tuple[str, str, Parameters] | None:
        """(`WITH …`, ` FROM … WHERE …`, parameters) of all that is found; None where nothing can be."""
        plan = planning.plan(Query(self.text, get_language() or "uz", everything=True), ADMIN)
        if not plan.variants:
            return None
        try:
            scope, scoped = _keys(self.queryset).query.sql_with_params()
        except EmptyResultSet:
            return None
        found = (
            f" FROM matched m JOIN {_ENTRIES} e ON e.id = m.document "
            f"WHERE e.content_type_id = %s AND e.object_id IN ({scope})"
        )
        narrowing = [entries.content_type_of(self.queryset.model).pk, *scoped]
        if getattr(self.query, "operator", "and") != "or":
            matches = matches_of(plan, complete=True)
            if rows(f"{matches} SELECT 1{found} LIMIT 1", narrowing):
                return matches, found, narrowing
        return matches_of(plan), found, narrowing

    def found(self) -> QuerySet[Any]:
        """The rows that are found, in the queryset's own order."""
        if self.wants_everything:
            return self.queryset
        if self.statement is None:
            return self.queryset.none()
        matches, found, parameters = self.statement
        return self.queryset.filter(
            pk__in=RawSQL(f"{matches} SELECT e.object_id{found}", parameters)  # noqa: S611
        )


def _keys(queryset: QuerySet[Any]) -> QuerySet[Any]:
    return (
        queryset.order_by().values("pk") if not queryset.query.is_sliced else queryset.values("pk")
    )


class Results(BaseSearchResults):
    """What is found, asked for when it is needed."""

    supports_facet = True
    query_compiler: Compiler

    def _do_search(self) -> list[Any]:
        compiler = self.query_compiler
        if compiler.wants_everything or not compiler.order_by_relevance:
            return list(_ordered(compiler.found())[self.start : self.stop])
        scores = self._best()
        objects = {obj.pk: obj for obj in compiler.queryset.order_by().filter(pk__in=scores)}
        found = [objects[pk] for pk in scores if pk in objects]
        if self._score_field:
            for obj in found:
                setattr(obj, self._score_field, scores[obj.pk])
        return found

    def _best(self) -> dict[int, float]:
        """Primary key → score, best first: a title that is the query, then scores, then short titles."""
        if self.query_compiler.statement is None:
            return {}
        matches, found, parameters = self.query_compiler.statement
        limit, cut = "", []
        if self.stop is not None:
            limit, cut = " LIMIT %s OFFSET %s", [max(0, self.stop - self.start), self.start]
        return dict(
            rows(
                f"{matches} SELECT e.object_id, m.score{found} "
                "ORDER BY CASE WHEN e.title = %s THEN 0 ELSE 1 END, m.score DESC, "
                f"LENGTH(e.title), e.object_id DESC{limit}",
                [*parameters, fold(self.query_compiler.text), *cut],
            )[(0 if limit else self.start) :]
        )

    def _do_count(self) -> int:
        number = self._total()
        if self.stop is not None:
            number = min(number, self.stop)
        return max(0, number - self.start)

    def _total(self) -> int:
        compiler = self.query_compiler
        if compiler.wants_everything:
            return compiler.queryset.count()
        if compiler.statement is None:
            return 0
        matches, found, parameters = compiler.statement
        return int(rows(f"{matches} SELECT COUNT(*){found}", parameters)[0][0])

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """Value of a field → how many of what is found have it, the most frequent first."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            raise FilterFieldError(
                f"Cannot facet by {field_name}: it is no FilterField.", field_name=field_name
            )
        rows = self.query_compiler.found().order_by().values(field_name)
        counts = rows.annotate(number=Count("pk")).order_by("-number")
        return OrderedDict(counts.values_list(field_name, "number"))


def _ordered(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """One order for all pages of a list."""
    return queryset if queryset.ordered else queryset.order_by("-pk")


class Index(BaseIndex):
    """The tables of the admin's index."""

    def add_items(self, model: type[Any], items: Any) -> None:
        """Index objects of one model."""
        if getattr(model, "search_auto_update", True):
            entries.write(list(items))

    def delete_item(self, item: Any) -> None:
        """Forget one object."""
        entries.remove(type(item), [item.pk])

    def reset(self) -> None:
        """Forget everything."""
        entries.clear()


class Rebuilder:
    """What `update_index` does around its walk over all objects: searches go on meanwhile."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def start(self) -> Index:
        """Forget what is gone."""
        entries.forget_stale()
        return self.index

    def finish(self) -> None:
        """Count the words anew."""
        vocabulary.recount(ADMIN)


class SearchBackend(BaseSearchBackend):
    """The admin's."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = Compiler
    index_class = Index
    results_class = Results
    rebuilder_class = Rebuilder
