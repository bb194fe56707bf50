"""What a year has beside requests: money, searches, answers of the server, readers, acts."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import Agency, User
from home.models.feedback import PageComment, PageVote
from operations.models import DailyServing, DailyUptime
from payments.models import LedgerEntry, MerchantAccount
from payments.services import Item, issue
from registry.models import ControlTask
from search.models import QueryCount
from service_pages.models import Service

#: Days inside the year of the report 2026 (November to October), at its edges, and outside it.
DAYS = (date(2025, 10, 31), date(2025, 11, 1), date(2026, 5, 4), date(2026, 10, 31),
        date(2026, 11, 1))  # fmt: skip


def fill() -> None:
    """Rows on each of DAYS, all with different numbers."""
    for number, day in enumerate(DAYS, 1):
        _one(number, day)
    _money()
    _acts()


def _one(number: int, day: date) -> None:
    DailyUptime.objects.create(day=day, first_minute=10 * number, minutes_up=1000 + number)
    for bound in (50, 200):
        DailyServing.objects.create(
            day=day, under_ms=bound, answers=bound * number, failures=number
        )
    for found in (0, 3):
        QueryCount.objects.create(
            day=day, language="uz", key=f"k{found}", text="k", searches=10 * number + found,
            results=found,
        )  # fmt: skip
    key = uuid.UUID(int=number)
    PageVote.objects.create(page_key=key, language="uz", day=day, yes=number, no=2 * number)
    for place, theme in enumerate(PageComment.Theme.values[: number + 1]):
        row = PageComment(page_key=key, language="ru", day=day, theme=theme, text="Matn")
        if place == 0:
            row.state, row.text = PageComment.State.REJECTED, ""
        elif place == 1:
            row.answered_on, row.corrected_on = day, day if number % 2 else None
        row.save()


def _money() -> None:
    agency = Agency.objects.get(key="soliq")
    MerchantAccount.objects.create(
        agency=agency, provider="payme", sandbox=True, merchant_id="5" * 24
    )
    payer = User.objects.create(email="toluvchi@example.org")
    made: Any = issue(agency, [Item("levy", 1_000_000)], language="uz", payer=payer)
    assert made is not None
    start = made.entries.count()
    kinds = ("paid", "surplus", "refunded", "paid", "refunded")
    for number, (day, kind) in enumerate(zip(DAYS, kinds, strict=True), 1):
        LedgerEntry.objects.create(
            invoice=made, sequence=start + number, kind=kind, debit="provider", credit="payer",
            amount=1000 * number, hash=str(number),
            at=timezone.make_aware(datetime(day.year, day.month, day.day, 23, 59)),
        )  # fmt: skip


def _acts() -> None:
    service = Service.objects.get(key="xizmat-2")
    for number, day in enumerate(DAYS, 1):
        closed = timezone.make_aware(datetime(day.year, day.month, day.day, 12))
        ControlTask.objects.create(
            kind="barrier", service=service, act=f"{number}-son", text={"uz": "Oʻzgartirilsin"},
            due_on=day, state="confirmed", closed_at=closed,
        )  # fmt: skip
    ControlTask.objects.create(
        kind="barrier", service=service, act="ochiq", text={"uz": "Oʻzgartirilsin"},
        due_on=date(2027, 1, 1),
    )  # fmt: skip
