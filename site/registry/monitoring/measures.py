"""What is counted, by name. Counts of one thing are a Counter of these; sums of them add up.

Flows happen in a span of time and are summed over it; states hold at the end of a day and are
taken from its last one. Histograms have a name with a colon: `took:5` is the number of decisions
that took five working days, `ground:duplicate` that of refusals on that ground.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

Counts = Counter[str]

#: name → what it counts. From events of requests.
REQUESTS = {
    "received": "requests and appeals that came",
    "repeats": "of them: the same applicant asked for the same within 90 days before",
    "registered": "registered, free ones at once and others when they were paid",
    "registered_late": "of them: more than one working day after they came or were paid",
    "paid": "registered because they were paid",
    "taken": "taken up by an officer",
    "taken_days": "working days from registration until they were taken up, summed",
    "asked": "sent back to the applicant for what was missing",
    "forwarded": "passed on to another agency",
    "forwarded_late": "of them: later than the law's five days",
    "extended": "put off by the head",
    "decided": "answered: approved or refused; one that was reopened counts each time",
    "approved": "of them: favourably",
    "refused": "of them: refused",
    "late": "of them: after the term",
    "automatic": "of them: by the portal, without an officer",
    "promised_days": "working days that the passport allowed for what was decided, summed",
    "promised": "decisions that had a term",
    "completed": "results handed over",
    "kept": "appeals without a name that were kept as information: nobody was answered",
    "withdrawn": "taken back by the applicant",
    "expired": "ended unpaid or unanswered by the applicant",
    "reopened": "opened again after a complaint or by a supervisor",
    "rateable": "ended so that the applicant could rate them",
    "rated": "rated",
    "rating_sum": "points of the ratings, summed",
    "rated_low": "of them: one or two points",
    "about_portal": "of what came: appeals about the portal itself",
    "complaints": "complaints about what the agency did",
    "upheld": "complaints about the agency that the superior body upheld",
    "complaints_decided": "complaints about the agency that were decided",
}
#: At the end of a day.
STATES = {
    "open": "not decided",
    "waiting": "of them: for the applicant's answer or payment",
    "overdue": "of them: past their term while the clock ran",
    "overdue_days": "days by which they were, summed",
    "tasks_open": "questions of other agencies that are not answered",
    "tasks_overdue": "of them: past their own term",
    "passports": "published passports of services",
    "completeness": "their completeness in per cent, summed",
    "reviews_late": "of them: past the day of their next check",
    "untranslated": "of them: not published in every language",
    "silent": "1 where nobody of the agency signed in for thirty days",
}
#: Of forms, money, the server and the search: what their own rooms write down by day.
HOUSE = {
    "started": "forms begun",
    "sent": "forms sent",
    "fill_seconds": "seconds from begin to sending, summed",
    "invoices": "invoices paid",
    "income_tiyin": "paid, in tiyin",
    "returned_tiyin": "returned, in tiyin",
    "discounts": "paid invoices with a discount",
    "discount_tiyin": "discounts of paid invoices, in tiyin",
    "minutes": "minutes of the day in which the portal should have answered",
    "minutes_up": "of them: in which it did",
    "answers": "answers of the server",
    "failures": "of them: with an error of the server",
    "searches": "searches",
    "searches_empty": "of them: without a result",
}
#: Prefixes of histograms.
TOOK, GROUND, LATENCY = "took:", "ground:", "under_ms:"


def is_state(name: str) -> bool:
    """Whether a count holds at a moment and may not be summed over days."""
    return name in STATES


def added(parts: Iterable[Mapping[str, int]]) -> Counts:
    """The sum of several counts."""
    total: Counts = Counter()
    for part in parts:
        total.update(part)
    return total


def histogram(counts: Mapping[str, int], prefix: str) -> dict[int, int]:
    """`took:5` → {5: …}, ascending."""
    found = {
        int(name[len(prefix) :]): number
        for name, number in counts.items()
        if name.startswith(prefix)
    }
    return dict(sorted(found.items()))


def quantile(bars: Mapping[int, int], share: float) -> int | None:
    """The least value that at least `share` of the cases do not exceed; None without cases."""
    total, seen = sum(bars.values()), 0
    for value, number in sorted(bars.items()):
        seen += number
        if total and seen >= share * total:
            return value
    return None
