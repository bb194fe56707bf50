"""Every address of the site and the admin, from the URL configuration itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

_CONVERTED = re.compile(r"(?<!\(\?P)<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")


@dataclass(frozen=True)
class Address:
    """One pattern: `name` with its namespaces (the route, where it has none) and its route."""

    name: str
    route: str
    is_regex: bool = False

    def path(self, values: Mapping[str, Any]) -> str:
        """The path with a value for each part; `values` by the part's name, then by converter."""

        def of_route(found: re.Match[str]) -> str:
            kind = found["converter"] or "str"
            return str(values.get(found["name"], values[kind]))

        def of_group(found: re.Match[str]) -> str:
            return str(values.get(found["name"], values["str"]))

        path = _CONVERTED.sub(of_route, self.route)
        if self.is_regex:
            path = _GROUP.sub(of_group, path)
            path = re.sub(r"[\^$?]|\\Z", "", path.replace(r"\.", ".").replace(r"\-", "-"))
        return f"/{path}"


def addresses() -> list[Address]:
    """All of them, sorted by name; patterns of one name and one route count once."""
    return sorted(set(_walk(get_resolver())), key=lambda one: (one.name, one.route))


def _walk(
    resolver: URLResolver, route: str = "", spaces: str = "", regex: bool = False
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        here = regex or isinstance(pattern, RegexPattern)
        if isinstance(pattern, LocalePrefixPattern):
            part = "uz/"
        elif isinstance(pattern, RoutePattern):
            part = str(pattern._route)
        else:
            part = str(pattern._regex)  # type: ignore[attr-defined]
        if isinstance(entry, URLPattern):
            full = route + part
            yield Address(spaces + entry.name if entry.name else full, full, here)
        else:
            inner = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from _walk(entry, route + part, inner, here)
