"""Wagtail's admin: the control card, readiness, and who answers personally for what."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Agency, Role
from accounts.selectors import agencies_of, has_role, may
from casework.inbox import in_own_language
from core.texts import pick
from forms.readers import is_controller
from registry import columns, control, posts, readiness, responsibility, stepping, succession
from registry.control_forms import ControlTaskForm, HolderForm, MergeForm, RenameForm, StepForm
from registry.models import ControlTask
from registry.stepping import allow
from service_pages.models import Service

PER_PAGE = 50
#: Who looks at the card at all.
CARD = (*control.REPORTERS, *control.READERS)
#: Who sees an agency's page of responsibility.
ANSWERABLE = (Role.HEAD, Role.DEPUTY, Role.CONTROLLER, Role.COUNCIL)
STEPS = {
    "report": gettext_lazy("Report that it is done"),
    "confirm": gettext_lazy("Confirm"),
    "return": gettext_lazy("Return with remarks"),
    "move": gettext_lazy("Move the day"),
    "drop": gettext_lazy("Drop"),
}


def may_use(user: Any) -> bool:
    """Whether the menu leads the reader here."""
    return has_role(user, *CARD, *ANSWERABLE)


def _sees_readiness(user: Any) -> bool:
    return is_controller(user) or has_role(user, Role.COUNCIL, Role.SUPPORT)


@never_cache
@require_safe
@in_own_language
def card(request: HttpRequest) -> HttpResponse:
    """Tasks that the reader may see, by kind and state, first due first."""
    allow(has_role(request.user, *CARD))
    language, today = get_language() or "uz", timezone.localdate()
    rows = control.visible_to(request.user)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    if kind in ControlTask.Kind.values:
        rows = rows.filter(kind=kind)
    if state == "late":
        rows = rows.late(today)
    elif state in ControlTask.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    columns.called([row.service for row in page if row.service], language)
    return render(
        request,
        "registry/admin/control.html",
        {
            "page_obj": page,
            "rows": [
                {"row": row, "text": pick(row.text, language), "post": pick(row.post, language),
                 "late": row.is_open and row.due_on < today}
                for row in page
            ],
            "kinds": ControlTask.Kind.choices,
            "states": [("late", _("Late")), *ControlTask.State.choices],
            "kind": kind,
            "state": state,
            "may_make": control.may_make(request.user, ControlTask.Kind.BARRIER),
            "sees_readiness": _sees_readiness(request.user),
        },
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def new(request: HttpRequest) -> HttpResponse:
    """A task put on the card."""
    keeper = is_controller(request.user)
    allow(control.may_make(request.user, ControlTask.Kind.BARRIER))
    services = Service.objects.order_by("registry_number")
    if not keeper:
        services = services.filter(agency__in=agencies_of(request.user, *control.REPORTERS))
    form = ControlTaskForm(
        request.POST or None, services=services, keeper=keeper, initial={"kind": "barrier"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            task = control.make(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except control.NotAllowed as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("registry_control_task", task.pk)
    context = {"form": form, "heading": _("New task of the control card")}
    return render(request, "registry/admin/form.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task with its history; what is not the reader's does not exist."""
    row = get_object_or_404(control.visible_to(request.user), pk=pk)
    form, error = StepForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        step = partial(
            control.take, row, request.POST.get("step", ""), by=request.user,  # type: ignore[arg-type]
            note=form.cleaned_data["note"], proof=form.cleaned_data["proof"],
            day=form.cleaned_data["day"],
        )  # fmt: skip
        error = stepping.taken(request, step, control.NotAllowed)
        if not error:
            return redirect("registry_control_task", row.pk)
    row.refresh_from_db()
    language = get_language() or "uz"
    columns.called(filter(None, [row.service]), language)
    return render(
        request,
        "registry/admin/control_task.html",
        {
            "row": row,
            "text": pick(row.text, language),
            "post": pick(row.post, language),
            "agency": pick(row.agency.name, language) if row.agency else "",
            "late": row.is_open and row.due_on < timezone.localdate(),
            "steps": [(name, STEPS[name]) for name in control.steps_for(request.user, row)],
            "events": row.events.select_related("actor"),
            "form": form,
            "error": error,
        },
        status=409 if error else 400 if form.errors else 200,
    )


@never_cache
@require_safe
@in_own_language
def ready(request: HttpRequest) -> HttpResponse:
    """Milestones, what is late and whose: for the operator and the council."""
    allow(_sees_readiness(request.user))
    language, today = get_language() or "uz", timezone.localdate()
    return render(
        request,
        "registry/admin/readiness.html",
        {
            "milestones": readiness.milestones(language, today),
            "late": readiness.late(language, today),
            "facts": readiness.facts(),
        },
    )


@never_cache
@require_safe
@in_own_language
def agencies(request: HttpRequest) -> HttpResponse:
    """Agencies whose responsibility the reader sees."""
    allow(has_role(request.user, *ANSWERABLE))
    language = get_language() or "uz"
    rows = agencies_of(request.user, *ANSWERABLE)
    return render(
        request,
        "registry/admin/agencies.html",
        {"rows": [(row, pick(row.name, language)) for row in rows]},
    )


def _agency(request: HttpRequest, key: str) -> Agency:
    return get_object_or_404(agencies_of(request.user, *ANSWERABLE), key=key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def agency(request: HttpRequest, key: str) -> HttpResponse:
    """What one agency answers for; its head and controllers say who holds a post now."""
    row = _agency(request, key)
    may_change = posts.may_change(request.user, row)
    form = HolderForm(request.POST or None)
    if request.method == "POST":
        allow(may_change)
        if form.is_valid():
            try:
                posts.succeed(
                    row, form.cleaned_data["post"], form.cleaned_data["name"],
                    since=form.cleaned_data["since"],
                )  # fmt: skip
            except posts.CannotSucceed as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The post is held by another person now."))
                return redirect("registry_agency", row.key)
    language = get_language() or "uz"
    return render(
        request,
        "registry/admin/agency.html",
        {
            "agency": row,
            "heading": pick(row.name, language),
            "page": responsibility.page_of(row, language, exact=True),
            "form": form if may_change else None,
            "may_succeed": is_controller(request.user) and row.active,
            "may_read_requests": may(request.user, row, Role.HEAD, Role.DEPUTY, Role.CONTROLLER),
        },
        status=400 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """An agency gets another name; controllers alone."""
    allow(is_controller(request.user))
    row = get_object_or_404(Agency, key=key)
    form = RenameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            succession.rename(row, data["name"], on=data["on"], act=data["act"], by=request.user)  # type: ignore[arg-type]
        except succession.CannotChange as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The agency bears its new name on all pages."))
            return redirect("registry_agency", row.key)
    return _change_form(request, form, row, _("Rename the agency"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def merge(request: HttpRequest, key: str) -> HttpResponse:
    """Another agency takes over; controllers alone."""
    allow(is_controller(request.user))
    row = get_object_or_404(Agency, key=key)
    form = MergeForm(request.POST or None, former=row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            succession.merge(
                row, data["successor"], on=data["on"], act=data["act"],
                by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
        except succession.CannotChange as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The agency is succeeded. Its old addresses lead on."))
            return redirect("registry_agency", data["successor"].key)
    return _change_form(request, form, row, _("Another agency takes over"))


def _change_form(request: HttpRequest, form: Any, row: Agency, heading: str) -> HttpResponse:
    context = {"form": form, "heading": f"{heading}: {row}"}
    return render(request, "registry/admin/form.html", context, status=400 if form.errors else 200)
