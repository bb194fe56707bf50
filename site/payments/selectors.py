"""The reads of the room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Agency, Organization, User
from accounts.selectors import mandates_of
from core.money import Tiyin
from languages.dates import month_name
from payments.days import bounds
from payments.models import Invoice, MerchantAccount
from payments.states import InvoiceState
from service_pages.models import CatalogueEntry, Service


def accounts_of(agency: Agency) -> QuerySet[MerchantAccount]:
    """The accounts by which an agency takes money."""
    return MerchantAccount.objects.filter(agency=agency, active=True)


def takes_money(agency: Agency) -> bool:
    """Whether an agency can be paid through the portal."""
    return accounts_of(agency).exists()


def invoice_of(kind: str, reference: str) -> Invoice | None:
    """The newest invoice for something."""
    rows = Invoice.objects.filter(kind=kind, reference=reference)
    return rows.select_related("agency").order_by("-pk").first()


def reusable(
    service: Service, payer: User, organization: Organization | None, total: int
) -> Invoice | None:
    """A payment of the same payer for the same service and sum that a refusal left unused."""
    return (
        Invoice.objects.filter(
            service=service, payer=payer, organization=organization, total=total,
            state=InvoiceState.PAID, used_by__isnull=True, reusable_until__gte=timezone.now(),
        )
        .order_by("reusable_until")
        .first()
    )  # fmt: skip


def invoices_of(user: User) -> QuerySet[Invoice]:
    """A person's own invoices, and those of firms within the services of their mandates, newest
    first. Who may act for some services alone sees nothing that belongs to none."""
    own = Q(payer=user, organization__isnull=True)
    for mandate in mandates_of(user):
        if mandate.organization_id is not None:
            part = Q(organization_id=mandate.organization_id)
            own |= part & Q(service__key__in=mandate.scope) if mandate.scope else part
    rows = Invoice.objects.filter(own).select_related("agency", "organization")
    return rows.order_by("-issued_at", "-pk")


def titles_of(service_ids: Iterable[int]) -> dict[int, str]:
    """The titles of services in the reader's language, by id; of those in the catalogue."""
    language = get_language() or "uz"
    rows = CatalogueEntry.objects.filter(service_id__in=list(service_ids), language=language)
    return dict(rows.values_list("service_id", "title"))


def of_month(rows: QuerySet[Invoice], first: date) -> QuerySet[Invoice]:
    """Those of `rows` that were issued in the month that begins with `first`."""
    following = (first + timedelta(days=31)).replace(day=1)
    start, end = bounds(first, following - timedelta(days=1))
    return rows.filter(issued_at__gte=start, issued_at__lt=end)


def by_month(rows: Iterable[Invoice]) -> list[dict[str, Any]]:
    """Invoices (newest first) by the month of issue, with what was paid and kept, in tiyin."""
    months: dict[tuple[int, int], dict[str, Any]] = {}
    language = get_language() or "uz"
    for row in rows:
        day = timezone.localdate(row.issued_at)
        title = f"{month_name(day.month, language)} {day.year}"
        month = months.setdefault(
            (day.year, day.month),
            {"title": title, "key": f"{day:%Y-%m}", "rows": [], "paid": Tiyin(0)},
        )
        month["rows"].append(row)
        month["paid"] += row.kept
    return list(months.values())
