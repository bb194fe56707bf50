"""Lists that questions offer and that the engine does not own: districts, agencies.

The app registers where they come from; a test may register a list of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Rows = Sequence[tuple[str, Mapping[str, str]]]

_providers: dict[str, Callable[[], Rows]] = {}


def register(name: str, provider: Callable[[], Rows]) -> None:
    """Set where the rows (key, text map) of a list come from."""
    _providers[name] = provider


def known() -> frozenset[str]:
    """Names of all lists."""
    return frozenset(_providers)


def rows(name: str) -> Rows:
    """All rows of a list in order; empty where nobody provides it."""
    provider = _providers.get(name)
    return provider() if provider else ()


def label(name: str, key: str) -> Mapping[str, str] | None:
    """The text map of a key, or None where the list has none."""
    return next((texts for known, texts in rows(name) if known == key), None)


#: From the key of an agency to the days it receives people on: `2026-03-04 10:00`.
DaysOf = Callable[[str], Sequence[str]]
_days: list[DaysOf] = []


def register_days(provider: DaysOf) -> None:
    """Set who knows the reception days of agencies; the last one stands."""
    _days[:] = [provider]


def reception_days(agency: str) -> tuple[str, ...]:
    """Days with room on which an agency receives people, in their order."""
    return tuple(_days[0](agency)) if _days and agency else ()
