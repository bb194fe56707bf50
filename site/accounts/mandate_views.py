"""On whose behalf one acts: the list, the firm's page for its head, asking to act for a person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import codes, papers, scopes
from accounts import mandates as verbs
from accounts.mandate_forms import InviteForm, PapersForm, PersonForm
from accounts.models import Invitation, MandatePaper, Organization, Representation, User
from accounts.readers import reader_of
from accounts.selectors import invitations_for, mandates_of
from operations.throttle import limit


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """For whom one acts, who acts for one, and what waits for an answer."""
    user = reader_of(request)
    held = mandates_of(user)
    for row in held:
        row.services = scopes.names(row.scope)  # type: ignore[attr-defined]
    waiting = list(verbs.waiting_of(user))
    for row in waiting:
        row.sent = codes.waiting(request, _consent(row.pk)) is not None  # type: ignore[attr-defined]
    over_me = verbs.asked_of(user)
    persons = [row for row in held if row.person_id is not None]
    prefetch_related_objects([*persons, *waiting, *over_me], "papers")
    context = {
        "held": held,
        "waiting": waiting,
        "headed": [row.organization for row in held if row.role == Representation.Role.HEAD],
        "invitations": invitations_for(user),
        "over_me": over_me,
    }
    return render(request, "accounts/mandates.html", context)


def _consent(pk: int) -> str:
    return f"consent:{pk}"


def _send_code(request: HttpRequest, user: User, pk: int) -> None:
    """A code to the phone of the person concerned, if OneID knows them; alike for all."""
    row = get_object_or_404(verbs.waiting_of(user), pk=pk)
    limit("consent", str(user.pk), "10/d")
    phone = verbs.phone_of_person(row)
    if phone:
        codes.send(request, _consent(pk), "phone", phone, str(user))
    else:
        codes.pretend(request, _consent(pk), row.person.pinfl_index if row.person else "")
    messages.success(
        request,
        _("If OneID knows this person here, a code came to their phone. They read it to you."),
    )


def _take_code(request: HttpRequest, user: User, pk: int) -> bool:
    get_object_or_404(verbs.waiting_of(user), pk=pk)
    if codes.confirm(request, _consent(pk), request.POST.get("code", "")[:12]) is None:
        messages.error(request, _("The code is wrong or too old."))
        return False
    verbs.confirm_by_code(user, pk)
    return True


@login_required
def firm(request: HttpRequest, stir: str) -> HttpResponse:
    """A head sees who acts for the firm, and invites. For anybody else there is no such page."""
    user = reader_of(request)
    organization = get_object_or_404(Organization, stir=stir)
    if not verbs.is_head(user, organization):
        raise Http404
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limit("invite", str(user.pk), "20/d")
        data = form.cleaned_data
        try:
            verbs.invite(
                user, organization, data["contact"], valid_from=data["valid_from"],
                valid_until=data.get("valid_until"), scope=data["scope"],
            )  # fmt: skip
        except verbs.Refused:
            form.add_error("login", _("This person has been asked already."))
        else:
            messages.success(request, _("We told them. They answer in their own account."))
            return redirect("firm", stir)
    rows = list(
        Representation.objects.valid(timezone.localdate())
        .filter(organization=organization)
        .select_related("user")
        .order_by("pk")
    )
    for row in rows:
        row.services = scopes.names(row.scope)  # type: ignore[attr-defined]
    context = {
        "organization": organization,
        "rows": rows,
        "invitations": Invitation.objects.filter(
            organization=organization,
            state=Invitation.State.WAITING,
            expires_at__gt=timezone.now(),
        ),
        "form": form,
    }
    return render(request, "accounts/firm.html", context)


@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to act for a child, a ward, a relative, or by power of attorney."""
    user = reader_of(request)
    form = PersonForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        limit("ask-mandate", str(user.pk), "20/d")
        data = form.cleaned_data
        try:
            asked = verbs.ask_for_person(
                user, full_name=data["full_name"], pinfl=data["pinfl"], basis=data["basis"],
                document=data["document"], valid_from=data["valid_from"],
                valid_until=data.get("valid_until"), scope=data["scope"],
            )  # fmt: skip
        except verbs.Refused as refused:
            form.add_error("pinfl", _why(refused.reason))
        else:
            papers.keep(user, asked, data["papers"])
            return redirect("mandates")
    return render(request, "accounts/ask_mandate.html", {"form": form})


@login_required
def add_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach more papers to a mandate that waits; for anybody else there is no such page."""
    user = reader_of(request)
    mandate = get_object_or_404(verbs.waiting_of(user), pk=pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PapersForm(*sent)
    if request.method == "POST" and form.is_valid():
        limit("mandate-paper", str(user.pk), "40/d")
        try:
            papers.keep(user, mandate, form.cleaned_data["papers"])
        except papers.NotTaken as refused:
            form.add_error("papers", str(refused))
        else:
            return redirect("mandates")
    context = {"form": form, "row": mandate}
    status = 400 if form.errors else 200
    return render(request, "accounts/mandate_papers.html", context, status=status)


@login_required
@never_cache
@require_safe
def paper(request: HttpRequest, uuid: UUID) -> FileResponse:
    """A paper for one of the two people; for everybody else it does not exist."""
    user = reader_of(request)
    row = get_object_or_404(MandatePaper.objects.select_related("mandate__person"), uuid=uuid)
    if not papers.readable(user, row.mandate):
        raise Http404
    return papers.give(row, user)


@login_required
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Answer an invitation, agree, end a mandate, take an invitation back."""
    user, action = reader_of(request), request.POST.get("action", "")
    pk = request.POST.get("pk", "")
    back = redirect("mandates")
    if not pk.isdecimal() or len(pk) > 15:
        raise Http404
    try:
        match action:
            case "accept" | "decline":
                verbs.answer_invitation(user, int(pk), accept=action == "accept")
            case "agree":
                verbs.confirm_own(user, int(pk))
            case "code":
                _send_code(request, user, int(pk))
                return back
            case "tell":
                if not _take_code(request, user, int(pk)):
                    return back
            case "end":
                mandate = verbs.end(user, int(pk))
                if mandate.user_id != user.pk and mandate.organization is not None:
                    back = redirect("firm", mandate.organization.stir)
            case "drop":
                papers.remove(user, int(pk))
            case "withdraw":
                verbs.withdraw_invitation(user, int(pk))
            case _:
                raise Http404
    except (verbs.NotYours, Invitation.DoesNotExist) as error:
        raise Http404 from error
    except verbs.Refused as refused:
        messages.error(request, _why(refused.reason))
        return back
    messages.success(request, _("Saved."))
    return back


def _why(reason: str) -> str:
    match reason:
        case "adult":
            return _("This person is 18 or older: a parent no longer acts for them.")
        case "self":
            return _("This is your own personal number.")
        case "present":
            return _("You act for them already, or have asked to.")
        case "over":
            return _("This day is over before the mandate begins.")
    return _("Whoever invited you is no head of the organisation any more.")
