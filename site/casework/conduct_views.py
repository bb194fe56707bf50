"""Heads and controllers: what is counted of each person, and the requests behind each number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.membership import SIGNING
from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of
from casework import conduct, selectors
from casework.conduct import Span, What
from casework.models import ServiceRequest
from core.own_language import in_own_language
from core.texts import pick
from languages import registry

#: Who sees the counters of an agency's people.
WATCHING = (*SIGNING, Role.CONTROLLER)
MOST_ROWS = 200


def _chosen(request: HttpRequest) -> tuple[list[Agency], list[Agency], Span]:
    """The reader's agencies, those asked for, the span. Raises PermissionDenied."""
    mine = list(agencies_of(request.user, *WATCHING))
    if not mine:
        raise PermissionDenied
    key = request.GET.get("agency", "")
    asked = [agency for agency in mine if agency.key == key] or mine
    span = request.GET.get("span", "")
    return mine, asked, Span(span) if span in Span.values else Span.MONTH


def _language() -> str:
    return translation.get_language() or registry.SOURCE


@never_cache
@require_safe
@in_own_language
def people(request: HttpRequest) -> HttpResponse:
    """The table of counters."""
    mine, asked, span = _chosen(request)
    keep = {"span": span.value} | ({"agency": asked[0].key} if len(asked) == 1 else {})
    context: dict[str, Any] = {
        "columns": What.choices,
        "lines": [
            {
                "person": line.person,
                "cells": [_cell(line, What(value), keep) for value in What.values],
            }
            for line in conduct.table(asked, span)
        ],
        "spans": [
            {"label": one.label, "current": one == span,
             "url": "?" + urlencode(keep | {"span": one.value})}
            for one in Span
        ],
        "agencies": sorted(
            ((one.key, pick(one.name, _language())) for one in mine), key=lambda pair: pair[1]
        ),
        "agency": asked[0].key if len(asked) == 1 else "",
        "span": span.value,
    }  # fmt: skip
    return render(request, "casework/admin/people.html", context)


def _cell(line: conduct.Line, what: What, keep: dict[str, str]) -> dict[str, Any]:
    number = line.counts.get(what, 0)
    path = reverse("casework_person", args=[line.person.pk])
    url = f"{path}?{urlencode(keep | {'what': what.value})}" if number else ""
    return {"label": what.label, "number": number, "url": url,
            "bad": what in {What.BREACHES, What.LATE_NOW} and number}  # fmt: skip


@never_cache
@require_safe
@in_own_language
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The requests behind one number of one person."""
    _mine, asked, span = _chosen(request)
    reader = request.user
    assert isinstance(reader, User)  # somebody with a role
    who, what = get_object_or_404(User, pk=pk), request.GET.get("what", "")
    if what not in What.values:
        raise Http404
    found = conduct.behind(asked, span, who.pk, What(what))
    if not found:
        raise Http404  # nothing is counted of this person here
    rows = ServiceRequest.objects.for_lists().in_bulk({key for key, _at in found[:MOST_ROWS]})
    open_to = set(selectors.readable_by(reader).filter(pk__in=rows).values_list("pk", flat=True))
    context = {
        "person": who,
        "what": What(what).label,
        "span": span.label,
        "back": f"{reverse('casework_people')}?{urlencode({'span': span.value})}",
        "more": len(found) > MOST_ROWS,
        "items": [
            {"row": rows[key], "at": at, "opens": key in open_to,
             "title": selectors.title_of(rows[key], _language())}
            for key, at in found[:MOST_ROWS]
        ],
    }  # fmt: skip
    return render(request, "casework/admin/person.html", context)
