"""Yearly reports in Wagtail's admin: begun, commented, checked, signed, sent, downloaded."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from accounts.selectors import has_role
from casework.inbox import in_own_language
from core.widgets import TextMapFormField
from registry import stepping
from registry.models import Report
from registry.models.reports import ReportQuerySet
from registry.reports import files, reminding, working
from registry.reports.showing import sections, titles
from registry.stepping import allow


def may_use(user: Any) -> bool:
    """Whether the reader writes, checks or signs reports, or they are made for them."""
    return working.may_work(user) or working.may_sign(user) or has_role(user, Role.COUNCIL)


def _readable(user: Any) -> ReportQuerySet:
    """All reports for those who make them; to members of the council, what was signed for it."""
    if working.may_work(user) or working.may_sign(user):
        return Report.objects.all()
    return Report.objects.public()


class CommentForm(forms.Form):
    """The comment of one section in every language."""

    text = TextMapFormField(rows=4, label="", required=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """All reports, and the year that is due."""
    allow(may_use(request.user))
    year = reminding.due_year(timezone.localdate())
    error = ""
    if request.method == "POST":
        try:
            return redirect("registry_report", working.begin(year, request.user).pk)
        except working.CannotReport as refused:
            error = str(refused)
    return render(
        request,
        "registry/admin/reports.html",
        {
            "reports": _readable(request.user),
            "year": year,
            "due": date(year, 12, 1),
            "days": reminding.calendar(year),
            "begun": Report.objects.filter(year=year).exists(),
            "may_work": working.may_work(request.user),
            "error": error,
        },
        status=400 if error else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report with its sections, comments and steps."""
    allow(may_use(request.user))
    row = get_object_or_404(_readable(request.user), pk=pk)
    error = ""
    if request.method == "POST":
        error = stepping.taken(request, lambda: _act(request, row), working.CannotReport)
        if not error:
            newest = Report.objects.of(row.year)[:1].get()
            corrected = request.POST.get("step") == "correct"
            return redirect("registry_report", newest.pk if corrected else row.pk)
    row.refresh_from_db()
    language = get_language() or "uz"
    section = request.GET.get("section", "")
    form = None
    if section in working.SECTIONS and row.state == Report.State.DRAFT:
        form = CommentForm(initial={"text": row.comments.get(section) or {}})
    return render(
        request,
        "registry/admin/report.html",
        {
            "row": row,
            "sections": sections(row, language, files.last_year(row)),
            "section": section,
            "section_title": titles().get(section, ""),
            "form": form,
            "steps": _steps(request, row),
            "formats": list(files.FORMATS),
            "events": row.events.select_related("actor"),
            "broken": bool(row.hash) and not working.is_whole(row),
            "error": error,
        },
        status=409 if error else 200,
    )


def _steps(request: HttpRequest, row: Report) -> list[tuple[str, str]]:
    """(name, label) of what the reader may press now."""
    work, sign = working.may_work(request.user), working.may_sign(request.user)
    offered = {
        Report.State.DRAFT: [("freeze", _("Take the figures anew"), work),
                             ("check", _("Checked"), work)],
        Report.State.CHECKED: [("sign", _("Sign"), sign), ("return", _("Return with remarks"),
                                                           work or sign)],
        Report.State.SIGNED: [("send", _("Sent to the council"), work)],
    }  # fmt: skip
    steps = offered.get(Report.State(row.state), [])
    if row.hash and not Report.objects.of(row.year).filter(edition__gt=row.edition).exists():
        steps = [*steps, ("correct", _("Correct it by another edition"), work)]
    return [(name, label) for name, label, allowed in steps if allowed]


def _act(request: HttpRequest, row: Report) -> None:
    step, note = request.POST.get("step", ""), request.POST.get("note", "")[:4000]
    if step == "comment":
        form = CommentForm(request.POST)
        texts = form.cleaned_data["text"] if form.is_valid() else {}
        working.comment(row, request.POST.get("section", ""), texts or {}, request.user)
    elif step == "return":
        working.send_back(row, request.user, note)
    elif step == "correct":
        working.correct(row, request.user, note)
    elif step in {"freeze", "check", "sign", "send"}:
        getattr(working, step)(row, request.user)
    else:
        raise working.CannotReport(_("This step is not possible now."))


@never_cache
@require_safe
@in_own_language
def download(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The report as a file in the reader's language."""
    allow(may_use(request.user))
    row = get_object_or_404(_readable(request.user), pk=pk)
    if ending not in files.FORMATS:
        raise Http404
    language = get_language() or "uz"
    kind, write = files.FORMATS[ending]
    answer = HttpResponse(write(row, language), content_type=kind)
    name = f"{files.name(row, language)}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
