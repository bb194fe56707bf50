"""The officer's side: the inbox ordered by what is due first, and one request with its actions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.membership import ANSWERING
from accounts.models import Agency
from accounts.selectors import agencies_of, staff_of
from casework import actions, clock, desk, documents, doors, paying, presenting, selectors, services
from casework.graph import State
from casework.models import ServiceRequest
from casework.numbers import parse_number
from casework.transitions import InvalidTransition, Missing
from core.texts import pick
from forms.selectors import shown
from languages import registry
from service_pages.presenting import term_text

PER_PAGE = 30
MOST_PAGES = 300
View = Callable[..., HttpResponse]


def in_own_language(view: View) -> View:
    """Show a page of the desk in the officer's own language: Wagtail knows no Uzbek."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = getattr(request.user, "language", "")
        language = own if own in registry.CODES else registry.SOURCE
        with translation.override(language):
            return view(request, *args, **kwargs)

    return wrapper


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """Requests of the reader's agencies; nobody else's are ever counted or shown.

    Searching posts: who asks must not stand in an address. All else leads back to one.
    """
    # The menu and the pages ask again and again who the reader is: once is enough.
    prefetch_related_objects([request.user], "memberships")  # type: ignore[type-var]
    agencies = list(agencies_of(request.user, *selectors.STAFF))
    enters = doors.may_enter(request.user)
    if not agencies and not enters:
        raise PermissionDenied
    language = translation.get_language() or registry.SOURCE
    searching = request.method == "POST"
    params = request.POST if searching else request.GET
    asked = _asked(params)
    if searching and (parse_number(asked.get("q", "")) is not None or "q" not in asked):
        response = redirect(reverse("casework_inbox") + (f"?{urlencode(asked)}" if asked else ""))
        response.status_code = 303
        return response
    rows = selectors.inbox(request.user, params, agencies or None, by_name=searching)
    # Without counting all there is: one row more than shown says whether there is a next page.
    number = _page_number(params.get("page", ""))
    found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    if not found and number > 1:
        number, found = 1, list(rows[: PER_PAGE + 1])
    counts = selectors.inbox_counts(request.user, agencies or None)
    return render(
        request,
        "casework/admin/inbox.html",
        {
            "number": number,
            "has_next": len(found) > PER_PAGE,
            "requests": [
                {
                    "row": row,
                    "title": selectors.title_of(row, language),
                    "left": presenting.time_left(row),
                    "agency": pick(row.agency.name, language),
                }
                for row in found[:PER_PAGE]
            ],
            "filters": _filters(asked, counts),
            "saved": desk.filters_of(request.user),
            "states": [(state.value, state.label) for state in State],
            "agencies": _agencies(asked, agencies, language),
            "many_agencies": len(agencies) > 1,
            "may_enter": enters,
            "answers": bool(agencies),
            "tasks": counts["tasks"],
            "asked": asked,
            "searching": searching,
            "query": urlencode({k: v for k, v in asked.items() if not (searching and k == "q")}),
        },
    )


def _page_number(text: str) -> int:
    """A page from 1 to MOST_PAGES: further down nobody reads, and the database would."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return max(1, min(number, MOST_PAGES))


def _asked(params: QueryDict) -> dict[str, str]:
    """What was asked for, of the parameters that there are."""
    return {
        name: value
        for name in (*desk.FILTERED, "q")
        if (value := params.get(name, "").replace("\x00", "").strip()[:200])
    }


@never_cache
@require_POST
@in_own_language
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep the view that is shown under a name, or drop a kept one."""
    if not agencies_of(request.user, *selectors.STAFF).exists():
        raise PermissionDenied
    dropped = request.POST.get("forget", "")
    asked = _asked(request.POST)
    if dropped.isascii() and dropped.isdigit() and len(dropped) < 19:
        desk.forget_filter(request.user, int(dropped))
        messages.success(request, _("Done."))
    elif desk.keep_filter(request.user, request.POST.get("name", "").replace("\x00", ""), asked):
        messages.success(request, _("Done."))
    else:
        messages.error(request, _("Filter the requests, then give the filter a name."))
    asked.pop("q", None)
    response = redirect(reverse("casework_inbox") + (f"?{urlencode(asked)}" if asked else ""))
    response.status_code = 303
    return response


def _filters(asked: dict[str, str], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Links to what is open, mine, nobody's, late, to be signed, closed; no number beside what
    only grows."""
    keep = {"agency": asked["agency"]} if "agency" in asked else {}
    none = not asked.keys() - {"agency"}
    return [
        {
            "label": label,
            "count": counts.get(key),
            "more": counts.get(key, 0) > selectors.MOST_COUNTED,
            "most": selectors.MOST_COUNTED,
            "url": "?" + urlencode({"show": key} | keep),
            "current": asked.get("show") == key or (key == "open" and none),
        }
        for key, label in selectors.show_labels().items()
    ]


def _agencies(asked: dict[str, str], agencies: list[Agency], language: str) -> list[dict[str, Any]]:
    """The reader's agencies to choose from, if there are several."""
    return [
        {
            "key": agency.key,
            "label": pick(agency.name, language),
            "current": asked.get("agency") == agency.key,
        }
        for agency in agencies
    ]


def visible(request: HttpRequest, uuid: UUID) -> ServiceRequest:
    """A request of the reader's agencies. Another agency's does not exist."""
    rows = selectors.visible_to(request.user).select_related(
        "service", "agency", "assignee", "applicant", "organization", "submission__version",
        "passport_version", "rating",
    )  # fmt: skip
    return get_object_or_404(rows, uuid=uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One request with its answers, history and the actions that its state allows."""
    row = visible(request, uuid)
    if request.method == "POST":
        return _act(request, row)
    services.record_view(row, request.user)
    context = _context(request, row)
    context["typed"] = _begun(request, row, context["offered"])
    return render(request, "casework/admin/detail.html", context)


def _begun(request: HttpRequest, row: ServiceRequest, offered: list[str]) -> actions.Typed | None:
    """What the reader began before, or a text of the library that was chosen for an action."""
    into, chosen = request.GET.get("into", ""), request.GET.get("insert", "")
    if into in offered and chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        template = desk.library(row).filter(pk=int(chosen)).first()
        if template is not None:
            return actions.Typed.empty(into, desk.filled(template, row))
    draft = desk.draft_of(row, request.user)
    return actions.Typed.empty(draft.action, draft.text, draft.ground) if draft else None


def _context(request: HttpRequest, row: ServiceRequest, **extra: Any) -> dict[str, Any]:
    language = translation.get_language() or registry.SOURCE
    pressed = actions.context(row, request.user)
    offered = pressed["offered"]
    return (
        pressed
        | {
            "row": row,
            "title": selectors.title_of(row, language),
            "agency": pick(row.agency.name, language),
            "left": presenting.time_left(row),
            "steps": shown(row.submission.version.schema, row.submission.answers, language),
            "timeline": presenting.timeline(selectors.events_of(row), staff=True),
            "thread": list(row.messages.select_related("author")),
            "subject": row.subject,
            "ground": selectors.ground_of(row, language),
            "grounds": selectors.grounds(row, language) if "refuse" in offered else [],
            "colleagues": list(staff_of(row.agency, *ANSWERING).exclude(pk=row.applicant_id))
            if "assign" in offered
            else [],
            "agencies": _others(row, language) if {"forward", "ask_agency"} & set(offered) else [],
            "tasks": presenting.tasks(row, language),
            "payment": paying.standing(row),
            "proposed": _proposed(row, language),
            "extension": _extension(row) if "extend" in offered else "",
            "rating": getattr(row, "rating", None),
            "accept": documents.ACCEPT,
            "most_text": actions.MOST_TEXT,
            "library": list(desk.library(row)) if offered else [],
            "typed": None,
        }
        | extra
    )


def _others(row: ServiceRequest, language: str) -> list[tuple[str, str]]:
    """Agencies that a request may go to, by name."""
    rows = Agency.objects.filter(active=True).exclude(pk=row.agency_id)
    return sorted(((a.key, pick(a.name, language)) for a in rows), key=lambda pair: pair[1])


def _extension(row: ServiceRequest) -> str:
    """By how much the head may put the term off, in words."""
    extension = clock.extension_of(row)
    words = term_text(extension["value"], extension["unit"])
    return _("Once, by: %(length)s") % {"length": words}


def _proposed(row: ServiceRequest, language: str) -> dict[str, Any] | None:
    """The decision that waits for the head, in words."""
    if not row.is_proposed:
        return None
    known = dict(selectors.grounds(row, language))
    return row.proposed | {
        "label": State(row.proposed["target"]).label,
        "ground": known.get(row.proposed["ground"], ""),
    }


def _act(request: HttpRequest, row: ServiceRequest) -> HttpResponse:
    """Do what was pressed: 303 to the page, or the page again with what was typed."""
    typed = actions.Typed.of(request)
    if request.POST.get("keep"):
        desk.keep_draft(row, request.user, request.POST["keep"][:20], typed.text, typed.ground)
        messages.success(request, _("The draft is kept."))
        return _after(request, row)
    action = actions.ACTIONS.get(typed.action)
    error: str | Promise = ""
    status = 400
    if action is None:
        error = _("There is no such action.")
    else:
        try:
            action(request, row, typed)
        except Missing as problem:
            error = actions.MISSING[problem.what]
        except documents.BadFile as problem:
            error = str(problem)
        except InvalidTransition:
            error = _("Somebody moved this request meanwhile. Look at it again; your text is kept.")
            status = 409
    if not error:
        if typed.text:
            desk.drop_draft(row, request.user)
        messages.success(request, _("Done."))
        return _after(request, row)
    present = selectors.visible_to(request.user).filter(pk=row.pk).exists()
    if not present:
        # It went to another agency meanwhile: the reader's text still stands on the page.
        return render(
            request, "casework/admin/gone.html", {"error": error, "typed": typed}, status=409
        )
    context = _context(request, visible(request, row.uuid), typed=typed, error=error)
    context["homeless"] = typed.action not in context["offered"] and bool(typed.text)
    return render(request, "casework/admin/detail.html", context, status=status)


def _after(request: HttpRequest, row: ServiceRequest) -> HttpResponse:
    """Back to the request, or to the inbox where it went to another agency."""
    here = selectors.visible_to(request.user).filter(pk=row.pk).exists()
    response = redirect("casework_detail", row.uuid) if here else redirect("casework_inbox")
    response.status_code = 303
    return response
