"""At the counter: an officer confirms from the documents that somebody acts for a person."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mandates, papers, scopes
from accounts.membership import ANSWERING
from accounts.models import MandatePaper, Representation, Role, User
from accounts.selectors import has_role
from core.own_language import in_own_language
from operations import journal
from operations.throttle import limit

#: Who stands at a counter.
AT_THE_COUNTER = (Role.CLERK, *ANSWERING)


def may_confirm(user: User | AnonymousUser) -> bool:
    """Whether somebody stands at some agency's counter."""
    return has_role(user, *AT_THE_COUNTER)


def _paper(mandate: Representation, uuid: str) -> MandatePaper:
    """A paper of the mandate that the applicant's code found. Raises Http404."""
    found = next((one for one in mandate.papers.all() if str(one.uuid) == uuid), None)
    if found is None:
        raise Http404
    return found


@in_own_language
def confirm(request: HttpRequest) -> HttpResponseBase:
    """Find a mandate by the code that the applicant tells, see it, confirm it.

    Nothing is listed and each look is written down: who asks to act for whom is nobody's business
    until they come to the counter. Raises PermissionDenied for everybody else.
    """
    if not may_confirm(request.user) or not isinstance(request.user, User):
        raise PermissionDenied
    reference = request.POST.get("reference", "").strip().upper()[:20]
    row, services = None, []
    if request.method == "POST" and reference:
        limit("mandate-look", str(request.user.pk), "60/h")
        row = (
            Representation.objects.waiting(timezone.localdate())
            .filter(reference=reference)
            .exclude(user=request.user)
            .select_related("person", "user")
            .first()
        )
        if row is not None and (asked := request.POST.get("paper", "")):
            return papers.give(_paper(row, asked), request.user)
        if row is None:
            messages.error(request, _("Nothing waits under this code."))
        elif request.POST.get("action") == "confirm":
            document = request.POST.get("document", "").strip()[:200]
            mandates.confirm_at_counter(request.user, row, document=document)
            messages.success(request, _("Confirmed: it is in force now."))
            return redirect("mandate_counter")
        else:
            journal.append("mandate looked at", f"mandate:{row.pk}", actor=request.user)
            services = scopes.names(row.scope)
    context = {
        "row": row,
        "services": services,
        "reference": reference,
        "today": timezone.localdate(),
    }
    return render(request, "accounts/admin/mandate.html", context)
