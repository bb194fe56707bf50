"""What a clerk types at the counter."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.phones import clean_phone
from accounts.selectors import agencies_of
from casework.doors import CLERKS, Paper
from casework.models import Kind
from core.texts import pick
from forms.models import Source
from languages import registry
from service_pages.models import CatalogueEntry, Service


class ServiceField(forms.ModelChoiceField):
    """Services by title and agency; `titles` by the service's id."""

    def __init__(
        self, queryset: QuerySet[Service], *, titles: dict[int, str], language: str, **kwargs: Any
    ) -> None:
        super().__init__(queryset, empty_label=_("Choose"), **kwargs)
        self.titles, self.language = titles, language

    def label_from_instance(self, obj: Any) -> str:
        """`Title – agency`."""
        return f"{self.titles.get(obj.pk, obj.key)} – {pick(obj.agency.name, self.language)}"


class PaperForm(forms.Form):
    """One request that came by another door; what the answers must be, its schema checks."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"))
    source = forms.ChoiceField(
        label=_("How it came"),
        choices=[(value, label) for value, label in Source.choices if value != Source.PORTAL],
    )
    received_on = forms.DateField(
        label=_("Day it came"),
        help_text=_("The term runs from this day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    language = forms.ChoiceField(
        label=_("Language of the answer"),
        choices=[(language.code, language.name_local) for language in registry.LANGUAGES],
    )
    is_anonymous = forms.BooleanField(
        label=_("An appeal without a name"), required=False,
        help_text=_("Nothing of who brought it is kept; it is not considered, but registered."),
    )  # fmt: skip
    full_name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, help_text=_("Example: +998 90 123 45 67")
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    pinfl = forms.CharField(label=_("Personal number (PINFL)"), max_length=14, required=False)
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    text = forms.CharField(
        label=_("What is asked for"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, clerk: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = getattr(clerk, "language", "") or settings.LANGUAGE_CODE
        agencies = agencies_of(clerk, *CLERKS)
        titles = dict(
            CatalogueEntry.objects.filter(
                language=language, service__agency__in=agencies
            ).values_list("service_id", "title")
        )
        self.fields["service"] = ServiceField(
            Service.objects.filter(agency__in=agencies).select_related("agency"),
            label=_("Service"),
            titles=titles,
            language=language,
        )
        self.fields["received_on"].initial = timezone.localdate
        for name in self.fields:
            if self.is_bound and self.errors.get(name):
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def clean_phone(self) -> str:
        """E.164, or empty."""
        return clean_phone(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""

    def clean_received_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."), code="future")
        return day

    def paper(self) -> Paper:
        """What was typed, checked. What came today came now; an earlier day counts from 9:00."""
        data = dict(self.cleaned_data)
        day, now = data.pop("received_on"), timezone.now()
        opening = timezone.make_aware(datetime.combine(day, time(9)))
        return Paper(received_at=now if day == timezone.localdate() else min(opening, now), **data)
