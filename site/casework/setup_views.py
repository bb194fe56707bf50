"""What the head decides once: units of the agency, and the rules of its services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.membership import SIGNING
from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of, staff_of
from casework.desk_views import NamedAgency, done
from casework.models import ServiceRules, Unit, UnitMember
from core.http import see_other
from core.own_language import in_own_language
from core.texts import pick
from languages import registry
from operations import journal
from service_pages.models import CatalogueEntry, Service


class NamedUnit(forms.ModelChoiceField):
    """Units by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name in the reader's language."""
        return pick(obj.name, translation.get_language() or registry.SOURCE)


class UnitForm(forms.ModelForm[Unit]):
    """A unit and its people; the agency is chosen once."""

    agency = NamedAgency(Agency.objects.none(), label=gettext_lazy("Agency"))
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("People"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Unit
        fields = ("agency", "name", "takes_complaints", "active")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies: Any = self.fields["agency"]
        agencies.queryset = heads(user)
        people: Any = self.fields["people"]
        if self.instance.pk:
            self.fields.pop("agency")
            people.queryset = staff_of(self.instance.agency, Role.OFFICER, *SIGNING)
            self.initial["people"] = list(self.instance.members.values_list("user_id", flat=True))
        else:
            self.fields.pop("people")
            if agencies.queryset.count() == 1:
                self.initial.setdefault("agency", agencies.queryset.get().pk)

    def clean(self) -> dict[str, Any]:
        """One unit takes the complaints about an agency."""
        data = super().clean() or {}
        agency = data.get("agency") or (self.instance.agency if self.instance.pk else None)
        if data.get("takes_complaints") and data.get("active") and agency is not None:
            others = Unit.objects.filter(agency=agency, takes_complaints=True, active=True)
            if others.exclude(pk=self.instance.pk).exists():
                self.add_error("takes_complaints", _("Another unit takes them already."))
        return data

    @transaction.atomic
    def save(self, commit: bool = True) -> Unit:
        """The unit with just these people."""
        unit = super().save(commit)
        if "people" in self.fields:
            chosen = {person.pk for person in self.cleaned_data["people"]}
            unit.members.exclude(user__in=chosen).delete()
            present = set(unit.members.values_list("user_id", flat=True))
            UnitMember.objects.bulk_create(
                [UnitMember(unit=unit, user_id=pk) for pk in sorted(chosen - present)]
            )
        return unit


class RulesForm(forms.ModelForm[ServiceRules]):
    """The rules of one service; what it is for is the administrators' to say."""

    unit = NamedUnit(
        Unit.objects.none(), required=False, label=gettext_lazy("Unit that gets its requests")
    )

    class Meta:
        model = ServiceRules
        fields = ("unanswered", "answer_days", "signing", "unit", "purpose")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.filter(agency=self.instance.service.agency, active=True)
        days: Any = self.fields["answer_days"]
        days.min_value, days.max_value = 1, 60
        if not user.is_superuser:
            self.fields.pop("purpose")


def heads(user: User) -> Any:
    """Agencies whose units and rules `user` keeps."""
    return agencies_of(user, *SIGNING)


def _head(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not heads(user).exists():
        raise PermissionDenied
    return user


def _language() -> str:
    return translation.get_language() or registry.SOURCE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def units(request: HttpRequest) -> HttpResponse:
    """Units of the reader's agencies; a new one."""
    user = _head(request)
    form = UnitForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        journal.append("unit made", f"unit:{made.pk}", actor=user)
        messages.success(request, _("Done. Now choose its people."))
        return see_other("casework_unit", made.pk)
    rows = Unit.objects.filter(agency__in=heads(user)).select_related("agency")
    context = {
        "form": form,
        "items": [
            {"row": row, "name": pick(row.name, _language()),
             "agency": pick(row.agency.name, _language())}
            for row in rows
        ],
        "heading": _("Units"),
    }  # fmt: skip
    return render(request, "casework/admin/units.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit with its people. Another agency's does not exist."""
    user = _head(request)
    row = get_object_or_404(Unit, pk=pk, agency__in=heads(user))
    form = UnitForm(user, request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        journal.append("unit changed", f"unit:{row.pk}", actor=user)
        return done(request, "casework_units")
    context = {"form": form, "row": row, "heading": pick(row.name, _language())}
    return render(request, "casework/admin/units.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@in_own_language
def rules(request: HttpRequest) -> HttpResponse:
    """Services of the reader's agencies, with what is decided about each."""
    user = _head(request)
    known = {
        row.service_id: row for row in ServiceRules.objects.filter(service__agency__in=heads(user))
    }
    entries = CatalogueEntry.objects.filter(
        language=_language(), service__agency__in=heads(user)
    ).values_list("service_id", "title")
    titles = dict(entries)
    services = Service.objects.filter(agency__in=heads(user)).select_related("agency")[:1000]
    context = {
        "items": [
            {
                "row": service,
                "title": titles.get(service.pk, service.key),
                "agency": pick(service.agency.name, _language()),
                "rules": known.get(service.pk),
            }
            for service in services
        ],
        "heading": _("Rules of services"),
    }
    return render(request, "casework/admin/rules.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """The rules of one service. Another agency's does not exist."""
    user = _head(request)
    service = get_object_or_404(Service, key=key, agency__in=heads(user))
    row = ServiceRules.objects.filter(service=service).first() or ServiceRules(service=service)
    form = RulesForm(user, request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        journal.append("rules changed", f"service:{service.key}", actor=user)
        return done(request, "casework_rules")
    entry = CatalogueEntry.objects.filter(service=service, language=_language()).first()
    context = {"form": form, "row": row, "heading": entry.title if entry else service.key}
    return render(request, "casework/admin/rules.html", context, status=400 if form.errors else 200)
