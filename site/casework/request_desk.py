"""One request on the officer's desk: what it says, what belongs to it, what may be pressed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.membership import ANSWERING
from accounts.models import Agency, User
from accounts.selectors import staff_of
from casework import (
    actions,
    clock,
    desk,
    desks,
    documents,
    impartial,
    linking,
    paying,
    presenting,
    selectors,
    services,
    substance,
)
from casework.graph import State
from casework.models import RequestLink, ServiceRequest
from casework.transitions import InvalidTransition, Missing
from core.http import number_in, see_other
from core.own_language import in_own_language
from core.texts import pick
from forms.selectors import shown
from languages import registry
from service_pages.presenting import term_text


def visible(request: HttpRequest, uuid: UUID) -> ServiceRequest:
    """A request of the reader's agencies, or one that they decide a complaint about. Another
    agency's does not exist."""
    rows = selectors.readable_by(request.user).select_related(
        "service", "agency", "assignee", "unit", "applicant", "organization", "representation",
        "submission__version", "passport_version", "rating",
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
    into, chosen = request.GET.get("into", ""), number_in(request.GET.get("insert"))
    if into in offered and chosen:
        template = desk.library(row).filter(pk=chosen).first()
        if template is not None:
            return actions.Typed.empty(into, desk.filled(template, row))
    draft = desk.draft_of(row, request.user)
    return actions.Typed.empty(draft.action, draft.text, draft.ground) if draft else None


def _context(request: HttpRequest, row: ServiceRequest, **extra: Any) -> dict[str, Any]:
    language = translation.get_language() or registry.SOURCE
    pressed = actions.context(row, request.user)
    offered = pressed["offered"]
    seen = selectors.visible_to(request.user)
    events = selectors.events_of(row)
    return (
        pressed
        | {
            "row": row,
            "title": selectors.title_of(row, language),
            "agency": pick(row.agency.name, language),
            "left": presenting.time_left(row),
            "steps": shown(row.submission.version.schema, row.submission.answers, language),
            "timeline": presenting.timeline(events, staff=True),
            "thread": list(row.messages.select_related("author")),
            "subject": row.subject,
            "ground": selectors.ground_of(row, language),
            "grounds": selectors.grounds(row, language) if "refuse" in offered else [],
            "colleagues": _colleagues(row) if "assign" in offered else [],
            "units": presenting.units(row.agency, language) if "assign" in offered else [],
            "unit": pick(row.unit.name, language) if row.unit else "",
            "acts": bool(set(offered) - {"note", "link", "unlink", "message"}),
            "desks": desks.desks(events, language),
            "instruction": presenting.resolution(events),
            "about": selectors.readable_by(request.user).filter(pk=row.follows_id).first(),
            "complaints": list(seen.filter(follows=row)),
            "links": linking.linked(row, seen),
            "link_kinds": RequestLink.Kind.choices,
            "others": _known(linking.others_of(row, seen), language),
            "agencies": _others(row, language) if {"forward", "ask_agency"} & set(offered) else [],
            "tasks": presenting.tasks(row, language),
            "payment": paying.standing(row),
            "proposed": _proposed(row, language),
            "lacks_result": "complete" in offered and substance.lacks_result(row),
            "extension": _extension(row) if "extend" in offered else "",
            "rating": getattr(row, "rating", None),
            "accept": documents.ACCEPT,
            "most_text": actions.MOST_TEXT,
            "library": list(desk.library(row)) if offered else [],
            "typed": None,
        }
        | extra
    )


def _colleagues(row: ServiceRequest) -> list[User]:
    """Who may be given a request: never its applicant, nor whoever a complaint is about."""
    rows = staff_of(row.agency, *ANSWERING).exclude(pk=row.applicant_id)
    return list(rows.exclude(pk__in=impartial.barred(row)))


def _others(row: ServiceRequest, language: str) -> list[tuple[str, str]]:
    """Agencies that a request may go to, by name."""
    rows = Agency.objects.filter(active=True).exclude(pk=row.agency_id)
    return sorted(((a.key, pick(a.name, language)) for a in rows), key=lambda pair: pair[1])


def _known(rows: list[ServiceRequest], language: str) -> list[dict[str, Any]]:
    """Requests with their titles, as a short list shows them."""
    return [{"row": one, "title": selectors.title_of(one, language)} for one in rows]


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
    present = selectors.readable_by(request.user).filter(pk=row.pk).exists()
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
    here = selectors.readable_by(request.user).filter(pk=row.pk).exists()
    return see_other("casework_detail", row.uuid) if here else see_other("casework_inbox")
