"""The page in the admin where an agency's head keeps the own people and their roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import carrying, staff
from accounts.models import Agency, Membership, Role, User
from accounts.readers import reader_of
from languages import registry

ACTIONS = {
    "role.given": gettext_lazy("role given"),
    "role.changed": gettext_lazy("dates of a role changed"),
    "role.taken": gettext_lazy("role taken away"),
    "factor.reset": gettext_lazy("second step taken away"),
    "rights.reviewed": gettext_lazy("list looked through"),
    "administrator.given": gettext_lazy("made an administrator"),
    "administrator.taken": gettext_lazy("no administrator any more"),
}
#: Lines of the audit on the page.
LINES = 50


class RoleForm(forms.Form):
    """A role with its days; the choices are those that the reader may give."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    valid_from = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: from today."),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The last day. Empty: without an end."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [(role.value, role.label) for role in staff.roles_given_by(by)]
        self.fields["role"].choices = given  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days in order, and none of them over."""
        data = super().clean() or {}
        until = data.get("valid_until")
        if until and until < (data.get("valid_from") or timezone.localdate()):
            self.add_error("valid_until", _("The last day is before the first."))
        return data


class InviteForm(RoleForm):
    """Somebody new in the agency."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    field_order = ("full_name", "email", "role", "valid_from", "valid_until")

    def clean_email(self) -> str:
        """In small letters, as accounts keep it."""
        return str(self.cleaned_data["email"]).lower()


def _agency(request: HttpRequest, user: User, key: str | None) -> Agency:
    """The agency asked for, else the first; PermissionDenied for whoever manages none."""
    managed = staff.managed_agencies(user)
    if not managed.exists():
        raise PermissionDenied
    if not key:
        return managed[0]
    found = managed.filter(key=key[:100].replace("\x00", "")).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def index(request: HttpRequest, key: str | None = None) -> HttpResponse:
    """People of an agency: invite somebody, confirm the list, see what changed."""
    user = reader_of(request)
    agency = _agency(request, user, key)
    with translation.override(_language(user)):
        form = InviteForm(request.POST if request.POST.get("do") == "invite" else None, by=user)
        if request.method == "POST":
            if request.POST.get("do") == "review":
                staff.review(user, agency)
                messages.success(request, _("Thank you: the list is confirmed for this month."))
                return redirect("accounts_staff_of", agency.key)
            if request.POST.get("do") == "carry":
                count = carrying.carry(user, agency)
                messages.success(request, _("Roles given: %(count)s") % {"count": count})
                return redirect("accounts_staff_of", agency.key)
            if form.is_valid():
                invited = staff.invite(user, agency, language=_language(user), **form.cleaned_data)
                messages.success(request, _("Invited. A message is on its way."))
                return redirect("accounts_staff_person", agency.key, invited.uuid)
        return render(
            request,
            "accounts/admin/staff.html",
            {
                "agency": agency,
                "agencies": list(staff.managed_agencies(user)[:200]),
                "people": staff.people_of(agency),
                "waiting": carrying.waiting(user, agency),
                "form": form,
                "review_due": staff.is_review_due(agency),
                "last_review": staff.last_review(agency),
                "lines": _lines(agency),
            },
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def everywhere(request: HttpRequest) -> HttpResponse:
    """Who has roles in all agencies, and administrators: looked through once a month."""
    user = reader_of(request)
    if not user.is_superuser:
        raise PermissionDenied
    with translation.override(_language(user)):
        if request.method == "POST":
            staff.review(user, None)
            messages.success(request, _("Thank you: the list is confirmed for this month."))
            return redirect("accounts_staff_everywhere")
        context = {
            "people": staff.people_of(None),
            "administrators": staff.administrators(),
            "review_due": staff.is_review_due(None),
            "last_review": staff.last_review(None),
            "lines": _lines(None),
        }
        return render(request, "accounts/admin/everywhere.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def person(request: HttpRequest, key: str, uuid: UUID) -> HttpResponse:
    """One of the agency's people: give a role, take one, take a lost second step away."""
    user = reader_of(request)
    agency = _agency(request, user, key)
    rows = Membership.with_dates.filter(agency=agency, user__uuid=uuid)
    whose = get_object_or_404(User, pk__in=rows.values("user_id"))
    with translation.override(_language(user)):
        do = request.POST.get("do")
        form = RoleForm(request.POST if do == "give" else None, by=user)
        if request.method == "POST":
            if do == "take":
                number = request.POST.get("membership", "")
                staff.take(user, get_object_or_404(rows, pk=number if number.isdecimal() else 0))
            elif do == "reset":
                staff.reset_factor(user, agency, whose)
            elif form.is_valid():
                staff.give(user, agency, whose, **form.cleaned_data)
            if do in {"take", "reset"} or form.is_valid():
                messages.success(request, _("Saved."))
                left = rows.exists()
                return (
                    redirect("accounts_staff_person", key, uuid)
                    if left
                    else redirect("accounts_staff_of", key)
                )
        return render(
            request,
            "accounts/admin/person.html",
            {
                "agency": agency,
                "whose": whose,
                "rows": rows.select_related("district").order_by("role"),
                "givable": staff.roles_given_by(user),
                "own": whose.pk == user.pk,
                "has_factor": any(
                    one.has_factor for one in staff.people_of(agency) if one.user.pk == whose.pk
                ),
                "form": form,
            },
        )


def _language(user: User) -> str:
    return user.language if user.language in registry.CODES else registry.SOURCE


def _lines(agency: Agency | None) -> list[dict[str, Any]]:
    """What changed in the rights of an agency, newest first, with names of today."""
    entries = list(staff.changes(agency)[:LINES])
    numbers = {entry.actor_id for entry in entries} | {
        entry.data.get("account") for entry in entries
    }
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=numbers - {None})}
    return [
        {
            "at": entry.at,
            "by": names.get(entry.actor_id or 0, ""),
            "what": ACTIONS.get(entry.kind, entry.kind),
            "who": names.get(entry.data.get("account") or 0, ""),
            "role": dict(Role.choices).get(entry.data.get("role", ""), ""),
        }
        for entry in entries
    ]
