"""Where a service is applied for. Forms, a room above, says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service_pages.models.rows import Service


@dataclass(frozen=True)
class ApplyLink:
    """The way to the form of a service."""

    url: str
    form_key: str


Resolver = Callable[[Service], ApplyLink | None]
_resolvers: list[Resolver] = []


def register(resolver: Resolver) -> None:
    """Add a resolver, asked in the order of registration."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def link_for(service: Service) -> ApplyLink | None:
    """The way to the form of a service, or None where it has none."""
    for resolver in _resolvers:
        link = resolver(service)
        if link is not None:
            return link
    return None
