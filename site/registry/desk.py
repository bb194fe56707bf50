"""The registry's desk in Wagtail's admin: proposals, the plan, sessions of the council."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from accounts.selectors import agencies_of, has_role, may
from casework.inbox import in_own_language
from core.texts import pick
from forms.readers import is_controller
from registry import agenda, columns, deciding, dossier, planning, proposing, stepping
from registry.forms import DecisionForm, ProposalForm, SessionForm
from registry.models import AgendaItem, PlanLine, Proposal, Session
from registry.stepping import allow

PER_PAGE = 50


def may_use(user: Any) -> bool:
    """Whether the reader proposes, checks, or sits in the council."""
    return has_role(user, *proposing.PROPOSERS, *proposing.CHECKERS, Role.COUNCIL)


def keeps_sessions(user: Any) -> bool:
    """Whether the reader prepares sessions and records decisions: controllers of the territorial
    department, who are controllers of no single agency, and administrators."""
    return is_controller(user)


def reads_sessions(user: Any) -> bool:
    """Whether the reader sees agendas and dossiers: who prepares them, and the council."""
    return keeps_sessions(user) or has_role(user, Role.COUNCIL)


@never_cache
@require_safe
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """Proposals of the reader's agencies, their open lines of the plan, sessions."""
    allow(may_use(request.user))
    proposals = proposing.visible_to(request.user)
    state = request.GET.get("state", "")
    if state in Proposal.State.values:
        proposals = proposals.filter(state=state)
    page = Paginator(proposals, PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    roles = (*proposing.PROPOSERS, *proposing.CHECKERS, Role.COUNCIL)
    agencies = agencies_of(request.user, *roles)
    lines = PlanLine.objects.open().filter(service__agency__in=agencies)
    shown = list(lines.select_related("service__agency")[:PER_PAGE])
    language = get_language() or "uz"
    columns.called([row.service for row in (*page.object_list, *shown)], language)
    heads = set(agencies_of(request.user, Role.HEAD).values_list("pk", flat=True))
    return render(
        request,
        "registry/admin/index.html",
        {
            "page_obj": page,
            "states": Proposal.State.choices,
            "state": state,
            "lines": [
                {
                    "row": line,
                    "late": line.planned_on < today,
                    "may_launch": line.service.agency_id in heads,
                }
                for line in shown
            ],
            "sessions": Session.objects.all()[:10] if reads_sessions(request.user) else [],
            "reads_sessions": reads_sessions(request.user),
            "keeps_sessions": keeps_sessions(request.user),
            "may_propose": proposing.services_for(request.user).exists(),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def propose(request: HttpRequest) -> HttpResponse:
    """A new proposal, kept as a draft."""
    allow(proposing.services_for(request.user).exists())
    form = ProposalForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = proposing.propose(
                form.cleaned_data["service"], form.cleaned_data["kind"], change=form.change(),
                reason=form.cleaned_data["reason"], by=request.user,
            )  # fmt: skip
        except (proposing.NotAllowed, deciding.CannotDecide) as error:
            form.add_error(None, str(error))
        else:
            return redirect("registry_proposal", row.pk)
    status = 400 if form.errors else 200
    context = {"form": form, "heading": _("New proposal")}
    return render(request, "registry/admin/form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with its steps; another agency's does not exist."""
    row = get_object_or_404(proposing.visible_to(request.user), pk=pk)
    error, note = "", request.POST.get("note", "")[:4000]
    if request.method == "POST":
        step = partial(
            proposing.take, row, request.POST.get("step", ""), by=request.user, note=note
        )
        error = stepping.taken(request, step, proposing.NotAllowed)
        if not error:
            return redirect("registry_proposal", row.pk)
    row.refresh_from_db()
    columns.called([row.service], get_language() or "uz")
    item = AgendaItem(change=row.change)
    return render(
        request,
        "registry/admin/proposal.html",
        {
            "row": row,
            "agency": pick(row.service.agency.name, get_language()),
            "changes": item.changes(),
            "steps": proposing.steps_for(request.user, row),
            "events": row.events.select_related("actor"),
            "error": error,
            "note": note,
        },
        status=409 if error else 200,
    )


@never_cache
@require_http_methods(["POST"])
@in_own_language
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    """The head says that a line of the plan is reached."""
    line = get_object_or_404(PlanLine.objects.select_related("service__agency"), pk=pk)
    allow(may(request.user, line.service.agency, Role.HEAD))
    try:
        planning.launch(line, by=request.user)
    except planning.CannotLaunch as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The service has started. The registry says so."))
    return redirect("registry_desk")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def new_session(request: HttpRequest) -> HttpResponse:
    """A session to come."""
    allow(keeps_sessions(request.user))
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("registry_session", form.save().pk)
    status = 400 if form.errors else 200
    context = {"form": form, "heading": _("New session of the council")}
    return render(request, "registry/admin/form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """A session: its agenda, filled on demand; decisions on its items; the end. The council reads."""
    keeps = keeps_sessions(request.user)
    allow(keeps if request.method == "POST" else reads_sessions(request.user))
    row = get_object_or_404(Session, pk=pk)
    decides = request.method == "POST" and request.POST.get("action") == "decide"
    form = DecisionForm(request.POST if decides else None)
    error = ""
    if request.method == "POST":
        try:
            done = _act(request, row, form)
        except deciding.CannotDecide as refused:
            done, error = "", str(refused)
        if done:
            messages.success(request, done)
            return redirect("registry_session", row.pk)
    row.refresh_from_db()
    language = get_language() or "uz"
    return render(
        request,
        "registry/admin/session.html",
        {
            "row": row,
            "keeps": keeps,
            "items": _chosen(request, agenda.shown(row, language)),
            "form": form,
            "error": error,
            "outcomes": [
                ("adopted", _("adopted")),
                ("rejected", _("rejected")),
                ("", _("not decided")),
            ],
            "decisions": row.decisions.all(),
        },
        status=400 if error or form.errors else 200,
    )


def _chosen(request: HttpRequest, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items with what was chosen for them before a mistake: nothing is chosen twice."""
    return [row | {"chosen": request.POST.get(f"item-{row['item'].pk}", "")} for row in items]


def _act(request: HttpRequest, row: Session, form: DecisionForm) -> str:
    """What was asked of a session; the sentence that says it is done, or "" to show the form."""
    action = request.POST.get("action")
    if action in {"decide", "close"} and row.held_on > timezone.localdate():
        raise deciding.CannotDecide(_("The day of this session has not come yet."))
    if action == "fill":
        added = agenda.fill(row, by=request.user)
        return _("Put on the agenda: %(count)s") % {"count": added}
    if action == "close":
        deciding.close(row)
        return _("The session is closed. What was not decided waits for the next one.")
    if action == "decide" and form.is_valid():
        items = list(row.items.filter(outcome=AgendaItem.Outcome.OPEN))
        chosen = {item.pk: request.POST.get(f"item-{item.pk}", "") for item in items}
        adopted = [item for item in items if chosen[item.pk] == "adopted"]
        rejected = [item for item in items if chosen[item.pk] == "rejected"]
        if not adopted and not rejected:
            raise deciding.CannotDecide(_("Choose what is adopted or rejected."))
        deciding.decide(
            row, number=form.cleaned_data["number"], text=form.cleaned_data["text"],
            adopted=adopted, rejected=rejected, by=request.user,
        )  # fmt: skip
        return _("The decision is recorded, and the registry is changed.")
    return ""


@never_cache
@require_safe
@in_own_language
def session_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of a session as PDF, in the reader's language."""
    allow(reads_sessions(request.user))
    row = get_object_or_404(Session, pk=pk)
    language = get_language() or "uz"
    answer = HttpResponse(dossier.pdf(row, language), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="session-{row.pk}-{language}.pdf"'
    return answer
