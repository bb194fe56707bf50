"""The applicant's side: my requests, one request, its receipt. `no-store` is the middleware's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import notifying
from casework import (
    access,
    asking,
    complaints,
    documents,
    doors,
    elsewhere,
    paying,
    presenting,
    selectors,
    services,
)
from casework.graph import CLOSED, GRAPH, State
from casework.models import ServiceRequest
from casework.transitions import InvalidTransition, Missing, transition
from core.http import see_other
from core.texts import pick
from forms.selectors import drafts_of, shown, told_apart
from operations.throttle import limit

PER_PAGE = 20
MOST_TEXT = 5_000


#: What each number of the rating means.
SCORES = (
    (5, gettext_lazy("very good")),
    (4, gettext_lazy("good")),
    (3, gettext_lazy("fair")),
    (2, gettext_lazy("bad")),
    (1, gettext_lazy("very bad")),
)


def _language() -> str:
    return get_language() or "uz"


def _own(request: HttpRequest, uuid: UUID) -> ServiceRequest:
    """The reader's own request. Somebody else's does not exist."""
    return get_object_or_404(selectors.requests_of(request.user), uuid=uuid)


def _facts(row: ServiceRequest) -> dict[str, Any]:
    language = _language()
    return {
        "row": row,
        "invoice": paying.invoice_of(row) if row.fee else None,
        "title": selectors.title_of(row, language),
        "agency": pick(row.agency.name, language),
    }


@login_required
@never_cache
@require_safe
def my_requests(request: HttpRequest) -> HttpResponse:
    """Drafts first, then open requests, newest first; closed ones on a page of their own."""
    language = _language()
    rows, show = selectors.requests_of(request.user), request.GET.get("show", "")
    counts = selectors.open_and_closed(request.user)
    if show not in counts:
        # Whoever has only closed ones sees them at once.
        show = "open" if counts["open"] or not counts["closed"] else "closed"
    rows = rows.filter(state__in=CLOSED) if show == "closed" else rows.exclude(state__in=CLOSED)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    drafts = drafts_of(request.user) if page.number == 1 and show == "open" else []
    apart = told_apart(drafts, language)
    return render(
        request,
        "casework/my_requests.html",
        {
            "page_obj": page,
            "unread": notifying.unread(request.user),
            "show": show,
            "shows": [
                ("open", _("Open"), counts["open"]),
                ("closed", _("Closed"), counts["closed"]),
            ],
            "requests": [
                _facts(row) | {"head": presenting.headline(row, language)} for row in page
            ],
            "drafts": [
                {
                    "draft": draft,
                    "title": draft.version.title(language),
                    "apart": apart.get(draft.pk, ""),
                }
                for draft in drafts
            ],
        },
    )


@login_required
@never_cache
@require_safe
def request_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One request: where it stands, who acts, until when, what was sent."""
    return render(request, "casework/request.html", _context(_own(request, uuid)))


def _context(row: ServiceRequest) -> dict[str, Any]:
    language = _language()
    lines = presenting.timeline(selectors.events_of(row))
    asked = presenting.latest(lines, State.INFO_REQUESTED)
    ground = selectors.ground_of(row, language)
    telling = {
        State.REFUSED: (State.REFUSED,),
        State.APPROVED: (State.APPROVED,),
        State.COMPLETED: (State.COMPLETED, State.APPROVED),
    }.get(State(row.state), ())
    decision = presenting.latest(lines, *telling)
    return _facts(row) | {
        "head": presenting.headline(
            row,
            language,
            asked=asked["text"] if asked else "",
            ground=ground["text"] if ground else "",
        ),
        "steps": shown(row.submission.version.schema, row.submission.answers, language),
        "timeline": lines,
        "thread": list(row.messages.all()),
        "ground": ground,
        "decision": decision,
        "result": presenting.latest(lines, State.APPROVED)
        if row.state == State.COMPLETED
        else None,
        "asked": asking.blank(asked["text"]) if asked and row.state == State.INFO_REQUESTED else [],
        "tasks": presenting.tasks(row, language),
        "looks": selectors.looks_at(row, language),
        "may_rate": row.state in services.RATED and not hasattr(row, "rating"),
        "scores": SCORES,
        "may_withdraw": (row.state, State.WITHDRAWN) in GRAPH,
        "may_complain": complaints.may_complain(row),
        "may_report": complaints.may_report(row),
        "complaints": list(row.followed_by.filter(applicant=row.applicant)),
        "about": row.follows,
        "may_again": row.state in {State.REFUSED, State.EXPIRED, State.WITHDRAWN},
        "form_key": row.submission.version.definition.key,
        "most_text": MOST_TEXT,
        "accept": documents.ACCEPT,
    }


@login_required
@never_cache
@require_safe
def receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The receipt: number, date, promised date; prints on one page."""
    context = _facts(_own(request, uuid)) | {"heading": _("The request was sent")}
    return render(request, "casework/receipt.html", context)


@login_required
@never_cache
@require_POST
def message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A message to the agency, with files; what was typed is never lost."""
    row = _own(request, uuid)
    limit("message", str(request.user.pk), "30/h")
    if row.state == State.INFO_REQUESTED and "answer-1" in request.POST:
        return _answer_items(request, row)
    text = request.POST.get("text", "").replace("\x00", "")
    if len(text) > MOST_TEXT:
        error = _("The message is too long. At most: %(count)s letters") % {"count": MOST_TEXT}
        return _again(request, row, text, error)
    if not text.strip():
        return _again(request, row, text, _("Write a message."))
    try:
        with documents.kept(row, request.FILES.getlist("files")) as files:
            services.write(row, request.user, text, files)
    except Missing:
        return _again(request, row, text, _("Write a message."))
    except documents.BadFile as problem:
        return _again(request, row, text, str(problem), field="files")
    except InvalidTransition:
        error = _("The request is closed: no message can be added.")
        return _again(request, row, text, error, status=409)
    messages.success(request, _("Your message was sent."))
    return see_other("casework:request", uuid)


def _asked_text(row: ServiceRequest) -> str:
    """What the agency asked for last."""
    event = row.events.filter(kind=State.INFO_REQUESTED).select_related("text").last()
    content = event.text.content if event is not None and hasattr(event, "text") else {}
    return str(content.get("public", ""))


def _answer_items(request: HttpRequest, row: ServiceRequest) -> HttpResponse:
    """The small form: an answer to each thing that the agency asked for."""
    items = asking.read(request, _asked_text(row))
    more = request.POST.get("text", "").replace("\x00", "")[:MOST_TEXT]
    if any(item.error for item in items):
        return _again(request, row, more, _("Answer everything that is asked."), items=items)
    files = [file for item in items for file in item.files]
    files += request.FILES.getlist("files")
    try:
        with documents.kept(row, files, most=asking.MOST_FILES) as saved:
            content = asking.written(items, more, saved)
            services.write(row, request.user, content["text"], saved, answers=content["answers"])
    except documents.BadFile as problem:
        return _again(request, row, more, str(problem), field="files", items=items)
    except InvalidTransition:
        error = _("The request is closed: no message can be added.")
        return _again(request, row, more, error, status=409)
    messages.success(request, _("Your answer was sent."))
    return see_other("casework:request", row.uuid)


def _again(
    request: HttpRequest,
    row: ServiceRequest,
    text: str,
    error: str,
    *,
    field: str = "text",
    items: list[asking.Item] | None = None,
    status: int = 400,
) -> HttpResponse:
    """The page with what was typed and what is wrong with it."""
    row = _own(request, row.uuid)
    context = _context(row) | {"typed": text, "message_error": error, "error_field": field}
    if items is not None:
        context["asked"] = items
    return render(request, "casework/request.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a request back, after one question."""
    row = _own(request, uuid)
    if request.method == "POST":
        try:
            transition(row.pk, State.WITHDRAWN, actor=request.user)
        except InvalidTransition:
            messages.error(request, _("The request has moved on meanwhile. Look at it again."))
        else:
            messages.success(request, _("You took the request back."))
        return see_other("casework:request", uuid)
    if (row.state, State.WITHDRAWN) not in GRAPH:
        messages.info(request, _("This request can no longer be taken back."))
        return redirect("casework:request", uuid)
    return render(request, "casework/withdraw.html", _facts(row))


@login_required
@never_cache
@require_POST
def rate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One to five and a comment, once; a press without a number is told and the comment kept."""
    row = _own(request, uuid)
    comment = request.POST.get("comment", "").replace("\x00", "")[:2_000]
    try:
        services.rate(row, request.user, int(request.POST.get("score", "")), comment)
    except ValueError:
        context = _context(row) | {"comment": comment, "rating_error": _("Choose from 1 to 5.")}
        return render(request, "casework/request.html", context, status=400)
    except InvalidTransition:
        messages.info(request, _("This request cannot be rated, or was rated already."))
    else:
        messages.success(request, _("Thank you. The agency sees your rating."))
    return see_other("casework:request", uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Where a request stands, for whoever knows its number and code; nothing personal is shown.

    By POST, so that neither stands in an address or a log.
    """
    if request.method != "POST":
        return render(request, "casework/status.html")
    number, code = (request.POST.get(name, "")[:64].strip() for name in ("number", "code"))
    row = access.find(number, code)
    if row is None:
        context = {"number": number, "error": _("There is no request with this number and code.")}
        return render(request, "casework/status.html", context, status=404)
    found: dict[str, Any] = {
        "row": row,
        "number": row.number,
        "agency": pick(row.agency.name, _language()),
        "head": presenting.headline(row, _language()),
        # To report a delay by one press; in the body of the answer only, as it was in the post's.
        "may_report": complaints.may_report(row),
        "code": code,
    }
    return render(request, "casework/status.html", found)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Take over a request that was handed in on paper, by the number and code of its slip."""
    if request.method != "POST":
        return render(request, "casework/claim.html")
    number, code = (request.POST.get(name, "")[:64].strip() for name in ("number", "code"))
    row = doors.claim(request.user, number, code)
    if row is None:
        error = _("There is no request to take over with this number and code.")
        return render(
            request, "casework/claim.html", {"number": number, "error": error}, status=404
        )
    messages.success(request, _("The request is among yours now."))
    return see_other("casework:request", row.uuid)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A complaint about a refusal, a delay or an answer, to whoever decides it by rule."""
    row = _own(request, uuid)
    body, unit = elsewhere.decider_for(row)
    context = _facts(row) | {
        "body": pick(body.name, _language()),
        "unit": pick(unit.name, _language()) if unit else "",
        "same_body": body.pk == row.agency_id,
        "most_text": complaints.MOST_TEXT,
    }
    if request.method != "POST":
        if not complaints.may_complain(row):
            messages.info(
                request, _("There is nothing to complain about yet, or one waits already.")
            )
            return redirect("casework:request", uuid)
        return render(request, "casework/complain.html", context)
    limit("complain", str(request.user.pk), "10/d")
    text = request.POST.get("text", "").replace("\x00", "")
    if len(text) > complaints.MOST_TEXT or not text.strip():
        error = _("Write what is wrong, at most %(count)s letters.") % {
            "count": complaints.MOST_TEXT
        }
        return render(
            request, "casework/complain.html", context | {"typed": text, "error": error}, status=400
        )
    try:
        complaint = complaints.complain(row, request.user, text, _language())
    except InvalidTransition:
        error = _("There is nothing to complain about yet, or one waits already.")
        return render(
            request, "casework/complain.html", context | {"typed": text, "error": error}, status=409
        )
    return see_other("casework:receipt", complaint.uuid)
