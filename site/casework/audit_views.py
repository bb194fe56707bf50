"""The auditors' pages in the admin: a register without people, and one request for a reason."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of
from casework import auditing, presenting, selectors
from casework.graph import State
from casework.inbox import PER_PAGE, page_number
from casework.models import ServiceRequest
from casework.transitions import Missing
from core.own_language import in_own_language
from core.texts import pick
from forms.selectors import shown
from languages import registry


def _audited(request: HttpRequest, *roles: str) -> tuple[User, list[Agency]]:
    """The reader and the agencies in which they have one of `roles`. Raises PermissionDenied."""
    user = request.user
    found = list(agencies_of(user, *roles))
    if not found or not isinstance(user, User):
        raise PermissionDenied
    return user, found


@never_cache
@require_safe
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """What the register says of the agency's requests: numbers, days and states; nobody's name."""
    user, agencies = _audited(request, Role.AUDITOR)
    number = page_number(request.GET.get("page", ""))
    asked = {
        name: value[:60]
        for name in ("q", "state", "show")
        if (value := request.GET.get(name, "").replace("\x00", "").strip())
    }
    rows = selectors.inbox(user, {"show": "all"} | asked, agencies).exclude(applicant=user)
    found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    return render(
        request,
        "casework/admin/audit.html",
        {
            "requests": [
                {
                    "row": row,
                    "title": selectors.title_of(row, _language()),
                    "left": presenting.time_left(row),
                }
                for row in found[:PER_PAGE]
            ],
            "number": number,
            "has_next": len(found) > PER_PAGE,
            "states": [(state.value, state.label) for state in State],
            "asked": asked,
            "query": urlencode(asked),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One request: first why, then what. The answer to a post alone shows it, so that each look
    states its reason."""
    user, _agencies = _audited(request, Role.AUDITOR)
    rows = auditing.open_to(user).select_related(
        "service", "agency", "assignee", "submission__version", "passport_version", "rating"
    )
    row = get_object_or_404(rows, uuid=uuid)
    context: dict[str, Any] = {
        "row": row,
        "title": selectors.title_of(row, _language()),
        "agency": pick(row.agency.name, _language()),
        "reason": request.POST.get("reason", "").replace("\x00", ""),
        "answers": bool(request.POST.get("answers")),
        "shortest": auditing.SHORTEST,
        "longest": auditing.LONGEST,
    }
    if request.method != "POST":
        return render(request, "casework/admin/audit_request.html", context)
    try:
        auditing.look(user, row, context["reason"], answers=context["answers"])
    except Missing:
        context["error"] = True
        return render(request, "casework/admin/audit_request.html", context, status=400)
    context |= _facts(row) | (_answers(row) if context["answers"] else {})
    return render(request, "casework/admin/audit_request.html", context)


def _facts(row: ServiceRequest) -> dict[str, Any]:
    """How the request went, without what anybody wrote."""
    lines = presenting.timeline(selectors.events_of(row), staff=True)
    return {
        "seen": True,
        "left": presenting.time_left(row),
        "ground": selectors.ground_of(row, _language()),
        "timeline": lines,
        "rating": getattr(row, "rating", None),
    }


def _answers(row: ServiceRequest) -> dict[str, Any]:
    """What the applicant wrote and was written. Files are named; they stay closed."""
    return {
        "subject": row.subject,
        "steps": shown(row.submission.version.schema, row.submission.answers, _language()),
        "thread": list(row.messages.select_related("author")),
    }


@never_cache
@require_safe
@in_own_language
def looks(request: HttpRequest) -> HttpResponse:
    """What auditors looked at and why: read by the head of the agency and by auditors."""
    _user, agencies = _audited(request, *auditing.WATCHING)
    return render(request, "casework/admin/audit_looks.html", {"looks": auditing.looks(agencies)})


def _language() -> str:
    return translation.get_language() or registry.SOURCE
