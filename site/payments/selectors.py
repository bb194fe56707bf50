"""The reads of the room."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Agency, Organization, User
from payments.models import Invoice, MerchantAccount
from payments.states import InvoiceState
from service_pages.models import Service


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
