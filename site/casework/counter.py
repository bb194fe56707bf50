"""The clerk's side: entering what came by another door, and the slip for who brought it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from casework import documents, doors, request_desk, selectors
from casework.actions import MISSING
from casework.forms import PaperForm
from casework.models import ServiceRequest
from casework.transitions import Missing
from core.http import see_other
from core.own_language import in_own_language
from core.texts import pick


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def enter(request: HttpRequest) -> HttpResponse:
    """A request on paper, by phone, at the counter or at a reception; then its slip."""
    clerk = request.user
    if not isinstance(clerk, User) or not doors.may_enter(clerk):
        raise PermissionDenied
    form = PaperForm(clerk, request.POST if request.method == "POST" else None)
    files_error = ""
    if request.method == "POST" and form.is_valid():
        try:
            row = doors.enter(
                form.paper(),
                clerk,
                request.FILES.getlist("scans"),
                language=translation.get_language() or "uz",
            )
        except doors.WrongAnswers as wrong:
            for name, message in wrong.errors.items():
                form.add_error(name if name in form.fields else None, message)
        except Missing as missing:
            form.add_error("received_on", str(MISSING[missing.what]))
        except documents.BadFile as bad:
            files_error = str(bad)
        else:
            return see_other("casework_slip", row.uuid)
    wrong_input = form.is_bound and bool(form.errors or files_error)
    context = {"form": form, "files_error": files_error, "accept": documents.ACCEPT}
    return render(request, "casework/admin/enter.html", context, status=400 if wrong_input else 200)


@never_cache
@require_safe
def slip(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the applicant takes along: number, code, promised date, where to look. In their
    language; to print."""
    row: ServiceRequest = request_desk.visible(request, uuid)
    with translation.override(row.language):
        context = {
            "row": row,
            "title": selectors.title_of(row, row.language),
            "agency": pick(row.agency.name, row.language),
            "status_path": reverse("casework:status"),
            "back": reverse("casework_inbox"),
            "heading": _("Your request was accepted"),
        }
        return render(request, "casework/slip.html", context)
