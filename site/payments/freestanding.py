"""Invoices that an accountant issues for what belongs to no request."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Organization, User
from accounts.selectors import contact_of, may, user_by_email, user_by_phone
from core.money import Tiyin, soums, typed_soums
from payments import notices, requisites
from payments.models import Invoice
from payments.refunds import MONEY, NotAllowed
from payments.services import Item
from payments.services import issue as issue_invoice
from service_pages.vocabulary import FeeKind

FIELDS = ("payer", "name", "kind", "text", "legal_point", "amount", "about")
WORDS = {
    "agency": _("Choose an agency."),
    "payer": _("There is no such payer here: write the name alone, or correct the contact."),
    "name": _("Write who pays: a contact or STIR known here, or a name."),
    "kind": _("Choose the kind of fee."),
    "text": _("Write for what."),
    "amount": _("Write a sum in soʻm. Example: 18 540"),
}
#: More than any fee.
MOST = soums(1_000_000_000)


class Wrong(ValueError):
    """A field that cannot be taken."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


@transaction.atomic
def issue(agency: Agency, values: Mapping[str, str], actor: User) -> Invoice:
    """Issue an invoice with one item. `values` are texts as typed, by FIELDS.

    `payer` is a confirmed phone or e-mail, or the STIR of a firm known here; without one the
    invoice goes to `name` alone, on paper. Raises NotAllowed, Wrong.
    """
    if not may(actor, agency, *MONEY):
        raise NotAllowed("invoice")
    person, firm = _payer(values["payer"]) if values["payer"] else (None, None)
    name = firm.name if firm else values["name"][:200] or (person.full_name if person else "")
    if not name:
        raise Wrong("name")
    if values["kind"] not in FeeKind.values:
        raise Wrong("kind")
    if not values["text"]:
        raise Wrong("text")
    item = Item(
        values["kind"], _amount(values["amount"]), label={"uz": values["text"][:300]},
        legal_point={"uz": values["legal_point"][:300]} if values["legal_point"] else {},
    )  # fmt: skip
    made = issue_invoice(
        agency, [item], language=person.language if person else "uz", about=values["about"][:64],
        payer=person, organization=firm, billed_to=requisites.of_payer(name, firm),
    )  # fmt: skip
    assert made is not None  # the sum is positive
    notices.tell(made, notices.ISSUED, made.total, "1")
    return made


def _payer(text: str) -> tuple[User | None, Organization | None]:
    if len(text) == 9 and text.isdigit():
        firm = Organization.objects.filter(stir=text).first()
        if firm is None:
            raise Wrong("payer")
        return None, firm
    try:
        kind, contact = contact_of(text)
    except ValidationError:
        raise Wrong("payer") from None
    person = user_by_email(contact) if kind == "email" else user_by_phone(contact)
    if person is None:
        raise Wrong("payer")
    return person, None


def _amount(text: str) -> Tiyin:
    try:
        amount = typed_soums(text[:40])
    except ValueError:
        raise Wrong("amount") from None
    if not 0 < amount <= MOST:
        raise Wrong("amount")
    return amount
