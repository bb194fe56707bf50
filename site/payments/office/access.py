"""Who sees and does what with money in the admin, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of, has_role
from core.money import Tiyin, typed_soums
from payments import by_hand, refunds
from payments.models import Invoice
from payments.states import InvalidMove

PER_PAGE = 50
#: Who sees money: accountants and heads of their agencies, controllers of all they control.
READERS = (*refunds.MONEY, Role.CONTROLLER)
#: Who sees what was exchanged with payment systems: support looks there for what went wrong.
CALL_READERS = (*READERS, Role.SUPPORT)
#: A report's longest time.
MOST_DAYS = 366
#: Pages of the room, with who finds them in its menu.
TABS = (
    ("payments_index", gettext_lazy("Invoices"), READERS),
    ("payments_refunds", gettext_lazy("Refunds"), READERS),
    ("payments_transfers", gettext_lazy("Bank transfers"), READERS),
    ("payments_desk", gettext_lazy("Cash desk"), by_hand.DESK),
    ("payments_differences", gettext_lazy("Reconciliation"), READERS),
    ("payments_figures", gettext_lazy("Figures and export"), READERS),
    ("payments_calls", gettext_lazy("Log of calls"), CALL_READERS),
)


def agencies(request: HttpRequest, *roles: str) -> list[Agency]:
    """Agencies whose money the reader may see, or act on in one of `roles`.

    Raises PermissionDenied where there is none.
    """
    if isinstance(request.user, User):
        # The menu and the pages ask again and again who the reader is: once is enough.
        prefetch_related_objects([request.user], "memberships")
    found = list(agencies_of(request.user, *(roles or READERS)))
    if not found:
        raise PermissionDenied
    return found


def person(request: HttpRequest) -> User:
    """Who is signed in. The admin lets nobody else in; raises PermissionDenied all the same."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """What every page of the room has: the way to its other pages, and what was asked for."""
    tabs = [
        {"url": reverse(name), "label": label, "current": name == current}
        for name, label, roles in TABS
        if has_role(request.user, *roles)
    ]
    asked = request.GET.copy()
    asked.pop("page", None)
    return {"tabs": tabs, "page_query": asked.urlencode()}


def invoice(request: HttpRequest, uuid: UUID, *roles: str) -> Invoice:
    """An invoice of the agencies in which the reader has one of `roles`. Raises Http404 for any
    other, PermissionDenied without such an agency."""
    rows = Invoice.objects.filter(agency__in=agencies(request, *roles))
    return get_object_or_404(rows.select_related("agency", "service"), uuid=uuid)


def period(request: HttpRequest) -> tuple[date, date]:
    """First and last day asked for, at most a year; the last thirty days where none is."""
    last = day_of(request.GET.get("to")) or localdate()
    first = day_of(request.GET.get("from")) or last - timedelta(days=29)
    first = min(first, last)
    return max(first, last - timedelta(days=MOST_DAYS - 1)), last


def day_of(text: str | None) -> date | None:
    """The day of what a date input sends; None for nonsense."""
    try:
        return parse_date((text or "")[:10])
    except ValueError:
        return None


def amount_of(text: str) -> Tiyin:
    """A sum in soʻm as people type it. Raises ValueError."""
    return typed_soums(text[:40])


def sent_file(request: HttpRequest) -> UploadedFile | None:
    """The file of a form, unless it is too big."""
    sent = request.FILES.get("file")
    fits = isinstance(sent, UploadedFile) and 0 < (sent.size or 0) <= by_hand.MOST_BYTES
    return sent if fits else None  # type: ignore[return-value]


def chosen_agency(request: HttpRequest, *roles: str) -> Agency | None:
    """The agency that a form names, of those in which the reader may act."""
    key = request.POST.get("agency")
    return next((one for one in agencies(request, *roles) if one.key == key), None)


def done(request: HttpRequest, act: Callable[[], Any], told: str) -> bool:
    """Do something with money and say how it went; whether it was done."""
    try:
        act()
    except (refunds.NotAllowed, InvalidMove):
        messages.error(
            request, _("This cannot be done: another person must do it, or it is done already.")
        )
    except ValueError:
        messages.error(request, _("The sum or the number is not right."))
    else:
        messages.success(request, told)
        return True
    return False


def bad_line(request: HttpRequest, bad: by_hand.BadStatement) -> None:
    """Say where a file cannot be read."""
    text = _("Line %(line)s cannot be read: %(column)s.")
    messages.error(request, text % {"line": bad.line, "column": bad.column})
