"""The cashier's page, and what our own side may ask the sandbox."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.core.signing import BadSignature, loads
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from core.money import Tiyin, soums
from payments.models import Invoice, MerchantAccount, SandboxTransaction
from payments.providers.sandboxed import SALT
from payments.sandbox import payme_side, playing
from payments.sandbox.click_side import ClickSide
from payments.sandbox.payme_side import PaymeSide
from payments.states import ProviderName

LABELS = {
    playing.PAY: _("Pay"),
    playing.FAIL: _("The bank refuses the card"),
    playing.CANCEL: _("Give up at the payment page"),
    playing.LEAVE: _("Go away without paying"),
    playing.NEVER: _("Pay, but the confirmation never comes"),
    playing.LATE: _("Pay when the time is over"),
    playing.TWICE: _("Pay, every call comes twice"),
    playing.DISORDER: _("Pay, calls come out of order"),
    playing.PARALLEL: _("Pay twice at the same moment"),
    playing.TAKEN_BACK: _("Pay, then the payment system takes the money back"),
    playing.WRONG_SIGNATURE: _("Calls with a wrong signature"),
    playing.WRONG_SUM: _("Calls with a wrong sum"),
    playing.UNKNOWN_ORDER: _("Calls for an unknown order"),
}
#: After these the payer goes straight back, as at a real cashier's.
_STRAIGHT = frozenset({playing.PAY, playing.FAIL, playing.CANCEL, playing.LEAVE, playing.NEVER})
#: How many of the choices are those of every payer.
_USUAL = 4
_SIDES: dict[str, type[playing.Player]] = {
    ProviderName.PAYME: PaymeSide,
    ProviderName.CLICK: ClickSide,
}


def _allowed() -> None:
    if not settings.PAYMENTS_SANDBOX:
        raise Http404


def _order(provider: str, query: str) -> tuple[playing.Order, str]:
    """(order, return address) of a link in the provider's own form. Raises Http404."""
    try:
        if provider == ProviderName.PAYME:
            text = base64.b64decode(query, validate=True).decode()
            values = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
            merchant = {"merchant_id": values["m"]}
            number, amount, back = values["ac.request"], Tiyin(values["a"]), values.get("c", "")
        else:
            found = {name: texts[0] for name, texts in parse_qs(query).items()}
            merchant = {"merchant_id": found["merchant_id"], "service_id": found["service_id"]}
            number, amount = found["transaction_param"], soums(found["amount"])
            back = found.get("return_url", "")
    except (KeyError, ValueError, ArithmeticError):
        raise Http404 from None
    invoice = Invoice.objects.filter(number=number).first()
    accounts = MerchantAccount.objects.filter(provider=provider, sandbox=True, **merchant)
    if invoice is not None:
        accounts = accounts.filter(agency_id=invoice.agency_id)
    account = accounts.first()
    if account is None:
        raise Http404
    host = settings.BASE_URL.partition("://")[2]
    safe = url_has_allowed_host_and_scheme(back, {host})
    return playing.Order(account, number, amount), back if safe else settings.BASE_URL


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cashier(request: HttpRequest, provider: str) -> HttpResponse:
    """The page on which a tester pays, or does whatever else may happen."""
    _allowed()
    if provider not in _SIDES:
        raise Http404
    order, back = _order(provider, request.META.get("QUERY_STRING", ""))
    context: dict[str, Any] = {
        "order": order,
        "name": ProviderName(provider).label,
        "back": back,
        "usual": [(choice, LABELS[choice]) for choice in playing.CHOICES[:_USUAL]],
        "rare": [(choice, LABELS[choice]) for choice in playing.CHOICES[_USUAL:]],
    }
    if request.method == "POST":
        choice = request.POST.get("choice", "")
        if choice not in LABELS:
            raise Http404
        player = _SIDES[provider](order)
        player.play(choice)
        if choice in _STRAIGHT:
            return redirect(back)
        context |= {"lines": player.lines, "chosen": LABELS[choice]}
    return render(request, "payments/cashier.html", context)


@csrf_exempt
@never_cache
@require_POST
def api(request: HttpRequest) -> HttpResponse:
    """What our side asks Payme's sandbox, signed by our own key: how a transaction stands, to
    return its money, the books of a day."""
    _allowed()
    try:
        asked = loads(request.body.decode(), salt=SALT, max_age=60)
    except (BadSignature, UnicodeDecodeError):
        raise Http404 from None
    if asked["what"] == "statement":
        account = get_object_or_404(MerchantAccount, uuid=asked["merchant"], sandbox=True)
        lines = payme_side.statement(account, date.fromisoformat(asked["day"]))
        return JsonResponse({"lines": lines})
    rows = SandboxTransaction.objects.filter(account__provider=ProviderName.PAYME)
    row = rows.filter(external_id=asked["id"]).select_related("account").first()
    if row is None:
        return JsonResponse({"status": "unknown"})
    if asked["what"] == "refund":
        done = payme_side.refund(row, int(asked["amount"]))
        return JsonResponse({"done": done, "refund": f"R{row.pk}"})
    return JsonResponse({"status": "cancelled" if row.state == "returned" else row.state})
