"""Many requests at once: assigned to one person, or answered alike, each with its own letter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.membership import ANSWERING
from accounts.selectors import agencies_of, staff_of
from casework import actions, assigning, presenting, selectors, services, substance
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import InvalidTransition, Missing, NotAllowed, parties, transition
from core.http import see_other
from core.own_language import in_own_language
from languages import registry

#: As many as a page shows, and some.
MOST = 100
_TARGETS = {"approve": State.APPROVED, "refuse": State.REFUSED}


@never_cache
@require_POST
@in_own_language
def bulk(request: HttpRequest) -> HttpResponse:
    """What was chosen in the inbox; then what is done with it, each request on its own."""
    if not agencies_of(request.user, *selectors.STAFF).exists():
        raise PermissionDenied
    rows = _chosen(request)
    if not rows:
        messages.error(request, _("Choose requests first."))
        return redirect("casework_inbox")
    action = request.POST.get("action", "")
    if action == "assign":
        return _report(request, rows, lambda row: _assign(request, row))
    if action in _TARGETS:
        text = request.POST.get("text", "").replace("\x00", "")[: actions.MOST_TEXT].strip()
        if not text:
            return _page(request, rows, error=str(actions.MISSING["reason"]), status=400)
        if wrong := substance.problem(text, substance.Matter(carried=action == "approve")):
            words = str(actions.MISSING[f"answer_{wrong}"])
            return _page(request, rows, error=words, status=400)
        ground = request.POST.get("ground", "")[:60]
        return _report(request, rows, lambda row: _answer(request, row, action, text, ground))
    return _page(request, rows)


def _chosen(request: HttpRequest) -> list[ServiceRequest]:
    found = []
    for text in request.POST.getlist("chosen")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    rows = selectors.visible_to(request.user).for_lists().filter(uuid__in=found)
    return list(rows.order_by("due_at", "pk"))


def _page(request: HttpRequest, rows: list[ServiceRequest], **extra: Any) -> HttpResponse:
    status = extra.pop("status", 200)
    language = translation.get_language() or registry.SOURCE
    agencies = {row.agency for row in rows}
    same = len({row.service_id for row in rows}) == 1
    agency = agencies.pop() if len(agencies) == 1 else None
    context = {
        "requests": [
            {"row": row, "title": selectors.title_of(row, language),
             "left": presenting.time_left(row)}
            for row in rows
        ],
        "colleagues": list(staff_of(agency, *ANSWERING)) if agency else [],
        "units": presenting.units(agency, language) if agency else [],
        # One answer fits requests for one service; their grounds are the same then.
        "may_answer": same,
        "grounds": selectors.grounds(rows[0], language) if same else [],
        "most_text": actions.MOST_TEXT,
        "text": request.POST.get("text", ""),
        "ground": request.POST.get("ground", ""),
    }  # fmt: skip
    return render(request, "casework/admin/bulk.html", context | extra, status=status)


def _assign(request: HttpRequest, row: ServiceRequest) -> None:
    person, unit = actions.chosen_assignee(request.POST.get("assignee", ""))
    assigning.assign(row, request.user, person, unit=unit)


@transaction.atomic
def _answer(request: HttpRequest, row: ServiceRequest, action: str, text: str, ground: str) -> None:
    """The same words to another applicant: with an event and a letter of its own. What may not be
    answered so is not taken up either."""
    if row.state == State.REGISTERED and "staff" in parties(row, request.user):
        transition(row.pk, State.IN_REVIEW, actor=request.user)
    services.decide(row, request.user, _TARGETS[action], text, ground, alike=True)


def _report(request: HttpRequest, rows: list[ServiceRequest], act: Any) -> HttpResponse:
    """Each on its own: what cannot be done stops nothing else, and is named."""
    done, left = 0, []
    for row in rows:
        try:
            act(row)
        except Missing as problem:
            left.append((row, str(actions.MISSING[problem.what])))
        except NotAllowed:
            left.append((row, _("You may not do this.")))
        except InvalidTransition:
            left.append((row, _("Its state does not allow it.")))
        else:
            done += 1
    if done:
        messages.success(request, _("Done: %(count)s.") % {"count": done})
    for row, why in left:
        messages.error(request, f"{row.number}: {why}")
    return see_other("casework_inbox")
