"""What other rooms write down by day: forms, money, passports, sign-ins, the server, searches.

Flows are read for any day that is closed; states only for yesterday, since nobody can say any more
what was published a year ago.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from accounts.models import Agency, Membership
from casework.models import RequestTask
from forms.models import FormEvent
from languages import registry
from operations.serving import served_on
from payments.models import InvoiceItem, LedgerEntry
from registry.models.figures import Cut
from registry.monitoring.folding import Rows, tidy
from registry.monitoring.measures import LATENCY
from registry.monitoring.periods import begin_of
from search.models import QueryCount
from service_pages.models import ServicePage

#: An agency of which nobody signed in for so many days is silent (M15).
SILENT_DAYS = 30
#: Entries of the ledger by which money came, and by which it went back.
_CAME, _WENT = ("paid", "surplus"), "refunded"


def figures(day: date) -> Rows:
    """Counts of a day by agency, cut and value."""
    found: Rows = {}
    sources = [_forms(day), _money(day), _server(day), _searches(day), _tasks(day)]
    if day >= timezone.localdate() - timedelta(days=1):
        sources += [_passports(day), _silent(day)]
    for source in sources:
        for agency, cut, value, counts in source:
            found.setdefault((agency, str(cut), value), Counter()).update(counts)
            if cut == Cut.SERVICE:
                found.setdefault((agency, str(Cut.AGENCY), ""), Counter()).update(counts)
    return tidy(found)


Source = Iterator[tuple[int | None, str, str, dict[str, int]]]


def _forms(day: date) -> Source:
    """Forms of services that were begun and sent, and how long it took."""
    service = "version__definition__service"
    rows = FormEvent.objects.filter(
        day=day, kind__in=["started", "sent"], version__definition__service__isnull=False
    )
    for row in rows.values(f"{service}__key", f"{service}__agency_id", "kind").annotate(
        n=Count("pk"), seconds=Sum("seconds")
    ):
        counts = {row["kind"]: row["n"]}
        if row["kind"] == "sent":
            counts["fill_seconds"] = row["seconds"] or 0
        yield row[f"{service}__agency_id"], Cut.SERVICE, row[f"{service}__key"], counts


def _span(day: date) -> dict[str, datetime]:
    return {"at__gte": begin_of(day), "at__lt": begin_of(day + timedelta(days=1))}


def _money(day: date) -> Source:
    """What was paid and returned through the ledger, with the discounts of what was paid."""
    entries = LedgerEntry.objects.filter(kind__in=[*_CAME, _WENT], **_span(day))
    columns = ("invoice__agency_id", "invoice__service__key")
    for agency, service, kind, amount, number in (
        entries.order_by().values_list(*columns, "kind").annotate(s=Sum("amount"), n=Count("pk"))
    ):
        counts = {"returned_tiyin" if kind == _WENT else "income_tiyin": int(amount)}
        if kind == "paid":
            counts["invoices"] = number
        yield agency, Cut.SERVICE, service or "", counts
    paid = entries.filter(kind="paid").values("invoice_id")
    items = InvoiceItem.objects.filter(invoice_id__in=paid, discount__gt=0).order_by()
    for agency, service, amount, number in items.values_list(*columns).annotate(
        s=Sum("discount"), n=Count("invoice_id", distinct=True)
    ):
        counts = {"discounts": number, "discount_tiyin": int(amount)}
        yield agency, Cut.SERVICE, service or "", counts


def _server(day: date) -> Source:
    """Answers, errors, times and minutes in which the portal answered."""
    served = served_on(day)
    counts = {
        "answers": served.answers, "failures": served.failures,
        "minutes": served.minutes, "minutes_up": served.minutes_up,
        **{f"{LATENCY}{bound}": number for bound, number in served.under_ms.items()},
    }  # fmt: skip
    yield None, Cut.HOUSE, "", counts


def _tasks(day: date) -> Source:
    """What other agencies asked and was not answered at the end of the day, of whom they asked."""
    end = begin_of(day + timedelta(days=1))
    rows = RequestTask.objects.filter(asked_at__lt=end).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=end)
    )
    for agency, service, number, late in (
        rows.order_by()
        .values_list("agency_id", "request__service__key")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=end)))
    ):
        yield agency, Cut.SERVICE, service, {"tasks_open": number, "tasks_overdue": late}


def _searches(day: date) -> Source:
    """Searches and those without a result."""
    row = QueryCount.objects.filter(day=day).aggregate(
        all=Sum("searches"), empty=Sum("searches", filter=Q(results=0))
    )
    counts = {"searches": row["all"] or 0, "searches_empty": row["empty"] or 0}
    yield None, Cut.HOUSE, "", counts


def _passports(day: date) -> Source:
    """How complete, checked and translated the passports of each agency are."""
    pages = ServicePage.objects.filter(live=True, alias_of=None)
    languages = dict(
        pages.order_by().values_list("service_id").annotate(n=Count("locale", distinct=True))
    )
    found: dict[int, Counter[str]] = {}
    rows: Any = pages.filter(locale__language_code=registry.SOURCE).values_list(
        "service_id", "service__agency_id", "completeness", "review_due"
    )
    for service, agency, completeness, review_due in rows:
        counts = found.setdefault(agency, Counter())
        counts["passports"] += 1
        counts["completeness"] += completeness
        counts["reviews_late"] += review_due is not None and review_due < day
        counts["untranslated"] += languages.get(service, 0) < len(registry.LANGUAGES)
    for agency, counts in found.items():
        yield agency, Cut.HOUSE, "", dict(counts)


def _silent(day: date) -> Source:
    """Agencies of which nobody signed in for SILENT_DAYS; one without staff is silent, too."""
    last = dict(
        Membership.objects.filter(agency__isnull=False, user__is_active=True)
        .order_by()
        .values_list("agency_id")
        .annotate(at=Max("user__last_login"))
    )
    since = begin_of(day - timedelta(days=SILENT_DAYS - 1))
    for agency in Agency.objects.filter(active=True).values_list("pk", flat=True):
        seen = last.get(agency)
        if seen is None or seen < since:
            yield agency, Cut.HOUSE, "", {"silent": 1}
