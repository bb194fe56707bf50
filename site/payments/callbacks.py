"""The doors that providers knock at. Who knocks is proven by the provider's own signature."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from payments.models import MerchantAccount
from payments.providers import known, provider_of

log = logging.getLogger(__name__)


@csrf_exempt
@never_cache
def callback(request: HttpRequest, provider: str, account: UUID) -> HttpResponse:
    """A call of a provider for one account. An account that was closed still answers: money that
    is under way must arrive."""
    if provider not in known():
        raise Http404
    side = provider_of(provider)
    try:
        row = get_object_or_404(
            MerchantAccount.objects.select_related("agency"), uuid=account, provider=provider
        )
    except Error:
        log.exception("database lost before a call of %s", provider)
        return side.out_of_order()
    return side.callback(request, row)
