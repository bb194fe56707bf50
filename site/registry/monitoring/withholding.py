"""What is not told, kept with the run after which it was worked out.

Nobody has to work it out again who finds the cache empty: a year takes seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache

from core.rows import add_new
from registry.models import Withheld
from registry.monitoring import reading
from registry.monitoring.holding import heirs, last_run

#: Before a term (terms.py) among the keys of values: some are called alike.
TERM = "term:"


@dataclass
class Untold:
    """Figures of a period that are not told: keys of their values with whose they are."""

    agencies: set[tuple[int, str]] = field(default_factory=set)
    values: set[tuple[str, str, str]] = field(default_factory=set)
    cells: set[tuple[str, int, str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def of_agency(self, agency: int | None) -> set[str]:
        """Keys of values that are not told of an agency; None: of all together."""
        if agency is None:
            return self.whole
        return {key for pk, key in self.agencies if pk == agency}

    def of_cut(self, cut: str, agency: int | None) -> set[tuple[str, str]]:
        """(value, key) of what is not told in the table of an agency, or of all; the total is ""."""
        total = {("", key) for key in self.of_agency(agency)}
        if agency is None:
            return total | {(value, key) for of, value, key in self.values if of == cut}
        return total | {
            (value, key) for of, pk, value, key in self.cells if (of, pk) == (cut, agency)
        }

    def add(self, cut: str, agency: int | None, value: str | None, key: str) -> None:
        """Do not tell one; no agency: of all, no value: of all values."""
        if agency is None and value is None:
            self.whole.add(key)
        elif agency is None:
            self.values.add((cut, value or "", key))
        elif value is None:
            self.agencies.add((agency, key))
        else:
            self.cells.add((cut, agency, value, key))

    def name_values(self, told_by: Mapping[str, Collection[str]]) -> None:
        """Instead of each term that is not told, the values that would tell it; and the term itself,
        as `term:late`."""

        def keys(term: str) -> set[str]:
            return {TERM + term, *told_by.get(term, (term,))}

        self.agencies = {(pk, key) for pk, term in self.agencies for key in keys(term)}
        self.values = {(of, v, key) for of, v, term in self.values for key in keys(term)}
        self.cells = {(of, pk, v, key) for of, pk, v, term in self.cells for key in keys(term)}
        self.whole = {key for term in self.whole for key in keys(term)}

    def __or__(self, other: Untold) -> Untold:
        return Untold(
            self.agencies | other.agencies, self.values | other.values, self.cells | other.cells,
            self.whole | other.whole,
        )  # fmt: skip

    def as_json(self) -> dict[str, list[Any]]:
        """As the database keeps it."""
        return {
            "agencies": sorted(self.agencies), "values": sorted(self.values),
            "cells": sorted(self.cells), "whole": sorted(self.whole),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Iterable[Any]]) -> Untold:
        """What `as_json` gave."""
        rows = {
            name: {tuple(row) for row in kept[name]} for name in ("agencies", "values", "cells")
        }
        return cls(**rows, whole=set(kept["whole"]))


#: Number of the rules by which it is worked out: what was kept by others is not used. One more with
#: every change of them.
_RULES = 2

#: What is not told, by the key of the period.
Found = dict[str, Untold]


def decided(time: str, work_out: Callable[[Mapping[int, int]], Found]) -> Found:
    """What is not told of a year or a day since the newest run: from the cache, else as it is kept,
    else as `work_out` finds it, given the heirs of agencies."""
    run = last_run()
    if run is None:
        return {}
    after = heirs()
    lineage = hashlib.sha256(repr((_RULES, sorted(after.items()))).encode()).hexdigest()
    key = f"registry:withheld:{run.number}:{lineage[:16]}:{time}"
    found: Found | None = cache.get(key)
    if found is None:
        kept = Withheld.objects.filter(run=run, time=time, lineage=lineage).first()
        if kept is not None:
            found = {name: Untold.from_json(one) for name, one in kept.found.items()}
        else:
            found = work_out(after)
            text = {name: one.as_json() for name, one in found.items()}
            add_new(Withheld(run=run, time=time, lineage=lineage, found=text))
        cache.set(key, found, reading.KEPT)
    return found


def forget_old() -> None:
    """Delete what was worked out after older runs than the newest."""
    run = last_run()
    if run is not None:
        Withheld.objects.filter(run__number__lt=run.number).delete()
