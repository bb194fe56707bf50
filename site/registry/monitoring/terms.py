"""Which counts a reader learns something of, and from which values (disclosure.py tells those).

A term is a count, or one without another: `decided-late`. A share says what it counts, what it
leaves, and of how many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from casework.models import Kind
from registry.monitoring.formulas import Formula, Number, Share
from registry.monitoring.indicators import VALUES
from registry.monitoring.measures import is_state

#: What tables of the public take apart by agency and every cut → the count of which MANY are needed
#: before a row tells it; empty where it is told as it is.
TABLED = {
    "received": "", "decided": "", "late": "decided", "decided-late": "decided",
    "repeats": "received", "received-repeats": "received",
}  # fmt: skip
#: Told of appeals by agency, and of everything together.
OF_APPEALS = ("approved", "refused")
#: States at the end of a day that tables take apart.
STANDING = ("open", "overdue")
#: Kinds under the law on appeals: their sum stands in a table of its own.
APPEALS = frozenset({Kind.APPLICATION, Kind.PROPOSAL, Kind.COMPLAINT})


def terms_of(formula: Formula) -> tuple[str, ...]:
    """Counts that a value says something of, as far as they are rounded."""
    if isinstance(formula, Number):
        return (formula.name,)
    if isinstance(formula, Share):
        positive, minus, rest = formula.part.partition("-")
        others = rest if minus and positive == formula.whole else f"{formula.whole}-{formula.part}"
        return formula.part, others, formula.whole
    return ()


def terms_in(keys: Iterable[str]) -> frozenset[str]:
    """The terms of some values, by their keys."""
    return frozenset(term for key in keys for term in terms_of(VALUES[key].formula))


def names_in(terms: Iterable[str]) -> tuple[str, ...]:
    """Names of the counts that terms are made of, each once."""
    return tuple(dict.fromkeys(name for term in terms for name in re.findall(r"\w+", term)))


def _told_by() -> dict[str, tuple[str, ...]]:
    """Term → keys of the values that say something of it; states are not summed over months."""
    found: dict[str, list[str]] = {}
    for value in VALUES.values():
        for term in terms_of(value.formula):
            if not any(map(is_state, names_in([term]))):
                found.setdefault(term, []).append(value.key)
    return {term: tuple(keys) for term, keys in found.items()}


TOLD_BY = _told_by()
#: Told of everything together alone.
OF_THE_WHOLE = tuple(term for term in TOLD_BY if term not in TABLED and term not in OF_APPEALS)
#: Counts that are read of each month.
READ = names_in([*TABLED, *OF_APPEALS, *TOLD_BY])
