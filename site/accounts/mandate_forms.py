"""Asking somebody to act for a firm or for a person, and the requisites of a firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import papers, scopes
from accounts.dates import DayBoxesField
from accounts.form_parts import NO_ANSWER, ContactField, PlainMixin, contact_of_field
from accounts.mandates import PERSONAL_BASES
from accounts.models import Representation
from accounts.numbers import is_pinfl
from core import banking
from core.typed import ungrouped

#: How many services a mandate may be kept to by the form; none chosen means all.
_SERVICES = 3


class MandateForm(PlainMixin, forms.Form):
    """What every mandate has: from when to when, and for which services."""

    valid_from = DayBoxesField(
        label=_("From which day"), required=False, help_text=_("Empty: from today.")
    )
    valid_until = DayBoxesField(
        label=_("Until which day"), required=False, help_text=_("Empty: until it is ended.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Not chosen")), *scopes.services()]
        for number in range(1, _SERVICES + 1):
            self.fields[f"service_{number}"] = forms.ChoiceField(
                label=_("Only for this service (%(number)s)") % {"number": number},
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )
        self.fields["service_1"].help_text = _("None chosen: for all services.")

    def clean(self) -> dict[str, Any]:
        """`scope` from the chosen services; the days in order."""
        data = super().clean() or {}
        names = [f"service_{number}" for number in range(1, _SERVICES + 1)]
        data["scope"] = sorted({data[name] for name in names if data.get(name)})
        data["valid_from"] = data.get("valid_from") or timezone.localdate()
        until = data.get("valid_until")
        if until and until < max(data["valid_from"], timezone.localdate()):
            self.add_error("valid_until", _("This day is over before the mandate begins."))
        return data


class InviteForm(MandateForm):
    """Whom a head asks to act for the firm."""

    login = ContactField()
    field_order: ClassVar = ["login", "valid_from", "valid_until"]

    def clean(self) -> dict[str, Any]:
        """`contact` as ("phone", E.164) or ("email", small letters)."""
        data = super().clean()
        if data.get("login"):
            data["contact"] = contact_of_field(self, data["login"])
        return data


class PapersInput(forms.ClearableFileInput):
    """A plain box for several files; what was kept before is shown elsewhere."""

    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Scans or photos; its value is a list of `papers.Checked`, empty where none was chosen."""

    widget = PapersInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Scan or photo of the paper"), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file by the rules of the portal. Raises ValidationError on the first bad one."""
        sent = [upload for upload in (data or []) if upload]
        if not sent:
            return super().clean(None, initial) or []
        try:
            return papers.check(sent)
        except papers.NotTaken as refused:
            raise forms.ValidationError(str(refused)) from refused


class PapersMixin:
    """A question for papers, with what may be attached in words and for the browser."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["papers"]
        field.widget.attrs |= {"class": "file", "accept": papers.door().accept}
        field.help_text = papers.door().words


class PapersForm(PapersMixin, PlainMixin, forms.Form):
    """Papers for a mandate that waits already."""

    papers = PapersField()


class PersonForm(PapersMixin, MandateForm):
    """For whom somebody wants to act, and why they may."""

    field_order: ClassVar = [
        "full_name", "pinfl", "basis", "document", "papers", "valid_from", "valid_until",
    ]  # fmt: skip

    papers = PapersField(required=False)

    full_name = forms.CharField(
        label=_("Full name of the person"),
        max_length=150,
        error_messages={"required": NO_ANSWER},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pinfl = forms.CharField(
        label=_("Their personal number (PINFL)"),
        max_length=40,
        help_text=_("14 digits. For a child it stands in the birth certificate."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    basis = forms.ChoiceField(
        label=_("Why you may act for them"),
        choices=[(basis.value, basis.label) for basis in PERSONAL_BASES],
        widget=forms.Select(attrs={"class": "input"}),
    )
    document = forms.CharField(
        label=_("The paper that shows it"),
        max_length=200,
        help_text=_("Kind, number, date, who issued it. Example: birth certificate I-QQ 0000000"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_pinfl(self) -> str:
        """14 digits that can be a personal number. Raises ValidationError."""
        number = ungrouped(self.cleaned_data["pinfl"])
        if not is_pinfl(number):
            raise forms.ValidationError(
                _(
                    "There is a mistake in the personal number. "
                    "Copy it again from the back of the ID card."
                )
            )
        return number

    def clean_basis(self) -> str:
        """One of the bases for persons."""
        return Representation.Basis(self.cleaned_data["basis"]).value


class RequisiteField(forms.CharField):
    """One line that may stay empty."""

    def __init__(self, label: Any, max_length: int, **attrs: str) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
        super().__init__(label=label, max_length=max_length, required=False, widget=widget)


class RequisitesForm(PlainMixin, forms.Form):
    """Where a firm is and from which account it pays; each may stay empty."""

    address = RequisiteField(_("Address"), 250, autocomplete="street-address")
    bank_account = RequisiteField(_("Account, 20 digits"), 40, inputmode="numeric")
    bank_name = RequisiteField(_("Bank"), 200)
    bank_mfo = RequisiteField(_("MFO of the bank, 5 digits"), 12, inputmode="numeric")

    def clean_bank_account(self) -> str:
        """The digits alone; the rule of accounts in forms. Raises ValidationError."""
        return _checked(self.cleaned_data["bank_account"], banking.check_account)

    def clean_bank_mfo(self) -> str:
        """The digits alone; the rule of forms. Raises ValidationError."""
        return _checked(self.cleaned_data["bank_mfo"], banking.check_mfo)

    def clean(self) -> dict[str, Any]:
        """An account is of use with the code of its bank alone, and the other way round."""
        data = super().clean() or {}
        if not self.errors and bool(data["bank_account"]) != bool(data["bank_mfo"]):
            missing = "bank_mfo" if data["bank_account"] else "bank_account"
            self.add_error(missing, _("Write the account and the MFO."))
        return data


def _checked(text: str, check: Callable[[str], None]) -> str:
    number = ungrouped(text)
    if number:
        check(number)
    return number
