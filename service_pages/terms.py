"""When an answer is promised: terms of the passport in the working calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.models import work_calendar
from service_pages.passport import Passport

#: Units whose end is named as a date.
IN_DAYS = frozenset({"working_days", "calendar_days", "months"})


def end_of(term: Mapping[str, Any], received: datetime) -> datetime:
    """When a term of a passport ends for a request received at a moment.

    The clock starts with registration: the same working day or the opening of the next.
    """
    calendar = work_calendar()
    if term["unit"] == "automatic":
        return received
    return calendar.add_term(calendar.registration_moment(received), term["value"], term["unit"])


def promised(passport: Passport, term_key: str, start: datetime) -> datetime:
    """When a request sent at `start` is answered by the term with a key (or the first term).

    Raises LookupError where the passport has no term.
    """
    term = passport.term(term_key)
    if term is None:
        raise LookupError(f"Passport of {passport.content['service']} has no term.")
    return end_of(term, start)
