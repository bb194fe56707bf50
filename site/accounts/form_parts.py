"""What forms of accounts are made of: plain boxes, a box for a code, a box for a contact."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.rates import CODE_RATES, GUESS_RATES
from accounts.selectors import contact_of
from operations.throttle import TooMany, limit

NO_ANSWER = _("No answer is given.")


class PlainMixin:
    """Our labels and hints in allauth's forms; no placeholders, which vanish while one types."""

    labels: ClassVar[dict[str, Any]] = {}
    hints: ClassVar[dict[str, Any]] = {}
    #: Asked once: whoever mistypes a new password can always sign in with a code.
    left_out: ClassVar[tuple[str, ...]] = ("password2",)
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.left_out:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if not isinstance(field.widget, (forms.CheckboxInput, forms.MultiWidget)):
                field.widget.attrs.setdefault("class", "input")
            field.error_messages["required"] = NO_ANSWER
            if name in self.labels:
                field.label = self.labels[name]
            if name in self.hints:
                field.help_text = self.hints[name]


class CodeFieldMixin(PlainMixin):
    """A one-time code: a number pad on telephones, filled in from the SMS where they can."""

    labels: ClassVar = {"code": _("Code")}
    code_help: ClassVar[Any] = _("Six digits from the message.")
    expected_code: str | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.help_text = self.code_help
        field.widget.attrs.update(
            {"class": "input input--code", "inputmode": "numeric", "maxlength": 12}
        )

    def clean_code(self) -> str:
        """Count the guess before it is compared. Raises ValidationError.

        allauth counts wrong codes in the session, where guesses sent at once all read the same
        count; the code of an app and recovery codes are counted by allauth's second factor.
        """
        expected = getattr(self, "expected_code", None)
        session = context.request.session.session_key or ""
        if expected:
            _count("guess", f"{session}:{expected}", GUESS_RATES)
        return super().clean_code()  # type: ignore[misc,no-any-return]


class ContactField(forms.CharField):
    """A phone number or an e-mail; its value is ("phone", E.164) or ("email", small letters)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Phone number or e-mail"),
            help_text=_("Example: +998 90 123 45 67"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"class": "input", "autocomplete": "username", "autocapitalize": "none"}
            ),
            **kwargs,
        )


def contact_typed(text: str) -> tuple[str, str]:
    """("phone", E.164) or ("email", small letters). Raises ValidationError."""
    kind, value = contact_of(text)
    if kind == "email":
        validate_email(value)
    return kind, value


def contact_of_field(form: forms.BaseForm, text: str) -> tuple[str, str]:
    """The contact typed in `login`, or two empty texts and an error beside the field."""
    try:
        return contact_typed(text)
    except forms.ValidationError as error:
        form.add_error("login", error)
        return "", ""


def count_code(contact: str) -> None:
    """Count a code asked for a contact. Raises ValidationError beyond the limit."""
    _count("code", contact, CODE_RATES)


def _count(what: str, key: str, rates: str) -> None:
    try:
        limit(what, key, rates)
    except TooMany as error:
        raise get_adapter().validation_error("too_many_login_attempts") from error
