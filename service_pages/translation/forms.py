"""What is filled in at the translation desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from accounts.models import User
from service_pages.models import AgencyPage
from service_pages.translation import services
from service_pages.translation.desk import BY_PEOPLE, LANGUAGES, State, agencies_for


def language_choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """(code, own name) of languages in the portal's order."""
    return [(code, name) for code, name in settings.LANGUAGES if code in codes]


class PersonField(forms.ModelChoiceField):
    """A translator by name; the e-mail tells namesakes apart."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and address."""
        name = obj.get_full_name() if hasattr(obj, "get_full_name") else ""
        return f"{name} ({obj.email})" if name else str(obj.email)


class FilterForm(forms.Form):
    """What of the list is shown; wrong values in an address show everything."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    agency = forms.ModelChoiceField(
        label=_("Agency"), required=False, queryset=AgencyPage.objects.none(),
        empty_label=_("All agencies"),
    )  # fmt: skip
    assignee = forms.ChoiceField(label=_("Translator"), required=False)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)
    q = forms.CharField(label=_("Title"), required=False, max_length=100)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = agencies_for(user)
        agency = self.fields["agency"]
        agency.queryset = AgencyPage.objects.filter(  # type: ignore[attr-defined]
            pk__in=[page.pk for page in own]
        ).order_by("title")
        self._choose("language", [("", _("All languages")), *language_choices(LANGUAGES)])
        self._choose("state", [("", _("All states")), *State.choices])
        people = services.translators([page.agency_id for page in own])
        names = [(str(person.pk), str(person.email)) for person in people]
        self._choose("assignee", [("", _("Anybody")), ("none", _("Nobody yet")), *names])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """Into which languages, by whom, until when."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=language_choices(BY_PEOPLE),
        widget=forms.CheckboxSelectMultiple,
    )
    assignee = PersonField(
        label=_("Translator"), required=False, queryset=User.objects.none(),
        empty_label=_("Nobody yet"),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Due on"), required=False, widget=AdminDateInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [page.agency_id for page in agencies_for(user)]
        self.fields["assignee"].queryset = services.translators(own)  # type: ignore[attr-defined]


class AssignForm(SendForm):
    """By whom and until when, of languages that are chosen already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["languages"]


class ImportForm(forms.Form):
    """A translated PO file."""

    language = forms.ChoiceField(label=_("Language"), choices=language_choices(BY_PEOPLE))
    file = forms.FileField(
        label=_("PO file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".po"}),
        help_text=_("A file that was taken from this desk, translated. At most 10 MB."),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large to be read."""
        file = self.cleaned_data["file"]
        if file.size > 10 * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        return file
