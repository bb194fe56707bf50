"""The address of a page of results: what was asked, what it is narrowed to, and links that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.http import urlencode

from search.engine import FACETS, Filters
from search.indexing import PAGE_KINDS

#: Names of facets in addresses; the catalogue calls them the same.
PARAMETERS = {
    "agency": "agency", "topic": "topic", "event": "event", "audience": "for", "online": "online",
    "free": "free",
}  # fmt: skip
YES_OR_NO = ("online", "free")
KINDS = ("service", *PAGE_KINDS)
ALL = "all"
#: What one facet may be narrowed to at once, and the longest key of a value.
_MOST_VALUES, _LONGEST_KEY = 20, 100


@dataclass(frozen=True)
class Address:
    """What the address of a page of results says; unknown values narrow nothing."""

    text: str = ""
    #: A kind of documents, `all`, or empty: services, and all where no service fits.
    kind: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Facets whose values are all listed.
    whole: frozenset[str] = frozenset()

    @classmethod
    def read(cls, params: QueryDict) -> Address:
        """The address of a request."""
        kind = params.get("type", "")
        chosen = {}
        for name, parameter in PARAMETERS.items():
            values = {v for v in params.getlist(parameter) if v and len(v) <= _LONGEST_KEY}
            if name in YES_OR_NO:
                values &= {"yes", "no"}
            # `|` and `=` part values in the index; no key has them.
            values = {v for v in values if "|" not in v and "=" not in v and "\x00" not in v}
            if values:
                chosen[name] = frozenset(sorted(values)[:_MOST_VALUES])
        return cls(
            text=" ".join(params.get("q", "").replace("\x00", " ").split()),
            kind=kind if kind in (*KINDS, ALL) else "",
            chosen=chosen,
            whole=frozenset(set(params.getlist("more")) & set(FACETS)),
        )

    def filters(self) -> Filters:
        """What search shall narrow its results to."""
        kind = self.kind or "service"
        return self.chosen if kind == ALL else {**self.chosen, "type": frozenset({kind})}

    def query(self) -> str:
        """The query of the address without a page: `q=pasport&for=ngo`."""
        pairs: list[tuple[str, str]] = [("q", self.text)]
        if self.kind:
            pairs.append(("type", self.kind))
        for name, parameter in PARAMETERS.items():
            pairs += [(parameter, value) for value in sorted(self.chosen.get(name, ()))]
        pairs += [("more", name) for name in sorted(self.whole)]
        return urlencode(pairs)

    def of_kind(self, kind: str) -> Address:
        """The same for another kind of documents."""
        return replace(self, kind=kind)

    def toggled(self, name: str, value: str) -> Address:
        """The same with a value of a facet taken in, or out where it was in."""
        old = self.chosen.get(name, frozenset())
        alone = name in YES_OR_NO
        new = old - {value} if value in old else {value} | (frozenset() if alone else old)
        chosen = {**self.chosen, name: frozenset(new)}
        return replace(self, chosen={key: values for key, values in chosen.items() if values})

    def listing(self, name: str) -> Address:
        """The same with all values of a facet listed."""
        return replace(self, whole=self.whole | {name})

    def plain(self) -> Address:
        """The same query, narrowed to nothing."""
        return Address(self.text, self.kind)

    def of_text(self, text: str) -> Address:
        """Another query, narrowed likewise."""
        return replace(self, text=text)
