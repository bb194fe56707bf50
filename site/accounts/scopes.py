"""The services that a mandate may be kept to: told by the room above that has services."""

from __future__ import annotations

from collections.abc import Callable

#: (key, name in the reader's language) of each service, in the order to show.
Provider = Callable[[], list[tuple[str, str]]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Name whoever knows the services."""
    _providers[:] = [provider]


def services() -> list[tuple[str, str]]:
    """All services; empty where nobody knows any."""
    return _providers[0]() if _providers else []


def names(keys: list[str]) -> list[str]:
    """The names of services by key; a key that is gone stands for itself."""
    if not keys:
        return []
    known = dict(services())
    return [known.get(key, key) for key in keys]
