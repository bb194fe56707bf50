"""What became of messages: for operators, who alone decide to hand one over once more."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from accounts.selectors import has_role
from core.http import number_in, see_other
from core.own_language import in_own_language
from operations import channels, journal, outbox, wording
from operations.crypto import blind_index
from operations.models import OutboxMessage

PER_PAGE = 50
_TROUBLE = (OutboxMessage.State.FAILED, OutboxMessage.State.UNKNOWN)


def may_operate(user: Any) -> bool:
    """Whether somebody is the operator's support or an administrator."""
    return has_role(user, Role.SUPPORT)


def _operator(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not may_operate(user):
        raise PermissionDenied
    return user


def masked(address: str) -> str:
    """An address of which an operator recognises no person: `a…@example.org`, `+99890…67`."""
    if not address:
        return "–"  # forgotten after outbox.KEPT_DAYS
    name, at, host = address.partition("@")
    return f"{name[:1]}…@{host}" if at else f"{address[:6]}…{address[-2:]}"


@never_cache
@require_safe
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """Messages in trouble, or those of a state, a channel, an event or an address; newest first."""
    _operator(request)
    asked = {
        name: value
        for name in ("state", "channel", "event")
        if (value := request.GET.get(name, "").replace("\x00", "").strip()[:120])
    }
    rows = OutboxMessage.objects.order_by("-pk")
    state = asked.get("state", "")
    if state in OutboxMessage.State.values:
        rows = rows.filter(state=state)
    elif state != "all" and "event" not in asked:
        rows = rows.filter(state__in=_TROUBLE)
    if "channel" in asked:
        rows = rows.filter(channel=asked["channel"])
    if "event" in asked:
        rows = rows.filter(event_key__startswith=asked["event"])
    if before := number_in(request.GET.get("before")):
        rows = rows.filter(pk__lt=before)
    return _page(request, list(rows[: PER_PAGE + 1]), asked)


def _page(
    request: HttpRequest, found: list[OutboxMessage], asked: dict[str, str], **extra: Any
) -> HttpResponse:
    shown = found[:PER_PAGE]
    names = {one.code: one.label for one in channels.channels()}
    context = {
        "items": [
            {
                "row": row,
                "address": masked(row.address),
                "channel": names.get(row.channel, row.channel),
                "what": _what(row),
                "may_send": row.state in _TROUBLE,
            }
            for row in shown
        ],
        "states": [("", _("In trouble")), ("all", _("All")), *OutboxMessage.State.choices],
        "channels": list(names.items()),
        "asked": asked,
        "older": urlencode(asked | {"before": str(shown[-1].pk)}) if len(found) > PER_PAGE else "",
        "query": urlencode(asked),
    }
    return render(request, "accounts/admin/outbox.html", context | extra)


def _what(row: OutboxMessage) -> str:
    kind = wording.known(row.template)
    return str(kind.label) if kind else row.template


@never_cache
@require_POST
@in_own_language
def find(request: HttpRequest) -> HttpResponse:
    """Messages to one address. Posted, so that the address stands in no log; each is journaled."""
    user = _operator(request)
    address = request.POST.get("address", "").replace("\x00", "").strip()[:254]
    wanted = Q(address_index=blind_index(address)) | Q(address_index=blind_index(address.lower()))
    found = list(OutboxMessage.objects.filter(wanted).order_by("-pk")[:PER_PAGE])
    journal.append("message.looked up", f"address:{blind_index(address)[:16]}", actor=user)
    return _page(request, found, {}, found_for=masked(address))


@never_cache
@require_POST
@in_own_language
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a failed or unknown message over once more: the operator's own decision."""
    user = _operator(request)
    if outbox.send_again(pk):
        journal.append("message.sent again", f"message:{pk}", actor=user)
        messages.success(request, _("The message waits to be sent again."))
    else:
        messages.error(request, _("This message is not in trouble any more."))
    query = request.POST.get("query", "")[:400]
    return see_other(reverse("messages_outbox") + (f"?{query}" if query else ""))
