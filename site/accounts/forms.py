"""Registration, sign-in, codes, contacts: allauth's forms in our words."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.form_parts import (
    NO_ANSWER,
    CodeFieldMixin,
    ContactField,
    PlainMixin,
    contact_of_field,
    contact_typed,
    count_code,
)
from accounts.models import User
from accounts.selectors import user_by_email, user_by_phone

NEW_PASSWORD_HELP = _("At least 10 characters. A few words are easy to remember.")


class RegistrationForm(PlainMixin, allauth_forms.SignupForm):
    """Name, phone or e-mail, and a password for those who want one."""

    field_order: ClassVar = ["full_name", "phone", "email", "password1"]
    labels: ClassVar = {
        "phone": _("Phone number"),
        "email": _("E-mail"),
        "password1": _("Password"),
    }
    hints: ClassVar = {
        "email": _("If you have no phone, or as well."),
        "password1": _(
            "Not needed: a code can be sent each time. If you want one: at least 10 characters."
        ),
    }

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        help_text=_("As in your passport."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["email"].widget.is_required = False

    def clean(self) -> dict[str, Any]:
        """One of phone and e-mail is needed."""
        data = super().clean() or {}
        wrong = self.errors.get("phone") or self.errors.get("email")
        if not (data.get("phone") or data.get("email") or wrong):
            self.add_error("phone", _("Give a phone number or an e-mail."))
        return data

    def validate_unique_email(self, value: str) -> str:
        """Free an e-mail that nobody confirmed; an account's e-mail is told by mail alone."""
        services.release_unconfirmed(email=value)
        return super().validate_unique_email(value)

    def _clean_phone(self) -> None:
        """Free a phone that nobody confirmed; an account's phone is told by SMS alone."""
        phone = self.cleaned_data.get("phone")
        if phone:
            services.release_unconfirmed(phone=phone)
            if User.objects.filter(phone=phone).exists():
                self.account_already_exists = True

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """The account, its profile, and the e-mail that waits for its code."""
        adapter = get_adapter()
        user = adapter.save_user(request, adapter.new_user(request), self)
        if user.email:
            setup_user_email(request, user, [])
        elif email := self.cleaned_data.get("email"):
            EmailAddress.objects.create(user=user, email=email, primary=False, verified=False)
        return user


class SignInForm(PlainMixin, allauth_forms.LoginForm):
    """Phone or e-mail, and password."""

    labels: ClassVar = {
        "password": _("Password"),
        "remember": _("Keep me signed in on this device"),
    }
    hints: ClassVar = {
        "password": "",
        "remember": _("Not on a phone or computer that others use."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = ContactField()
        field.error_messages["required"] = NO_ANSWER
        self.fields = {"login": field} | {
            name: self.fields[name] for name in ("password", "remember")
        }

    def clean_login(self) -> str:
        """The phone in international form, or the e-mail. Raises ValidationError."""
        return contact_typed(self.cleaned_data["login"])[1]


class RequestCodeForm(PlainMixin, allauth_forms.RequestLoginCodeForm):
    """Phone or e-mail to which a code to sign in goes."""

    left_out: ClassVar = ("phone", "email")
    login = ContactField()

    def clean(self) -> dict[str, Any]:
        """`phone` or `email`, and the account in `_user` (None: nobody is told)."""
        data = self.cleaned_data
        self._user = None
        text = data.get("login")
        if not text:
            return data
        kind, value = contact_of_field(self, text)
        if not value:
            return data
        count_code(value)
        data[kind] = value
        self._user = user_by_phone(value) if kind == "phone" else user_by_email(value)
        return data


class PhoneResetProcess(PasswordResetVerificationProcess):
    """A new password for an account that has a phone alone: allauth knows e-mails only."""

    def send(self) -> None:
        """The code, or that there is no account, by SMS."""
        adapter, phone = get_adapter(), self.state["phone"]
        if not self.user:
            adapter.send_unknown_account_sms(phone)
            return
        self.state["code"] = adapter.generate_password_reset_code()
        adapter.send_verification_code_sms(user=self.user, phone=phone, code=self.code)

    @classmethod
    def begin(cls, request: HttpRequest, user: User | None, phone: str) -> None:
        """Send the code and keep the attempt in the session, where allauth's views find it."""
        state = cls.initial_state(user, phone=phone) | {"email": ""}
        process = cls(request, state=state, user=user)
        process.send()
        process.persist()


class ResetRequestForm(PlainMixin, allauth_forms.ResetPasswordForm):
    """Phone or e-mail to which the code for a new password goes."""

    left_out: ClassVar = ("email",)
    login = ContactField()

    def clean(self) -> dict[str, Any]:
        """`email` is what the view counts attempts by: the contact, whichever it is."""
        data = super().clean() or {}
        text = data.get("login")
        self.kind, value = contact_of_field(self, text) if text else ("", "")
        data["email"] = value
        if value:
            count_code(value)
        return data

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the code, or that there is no account."""
        contact = self.cleaned_data["email"]
        if self.kind == "phone":
            PhoneResetProcess.begin(request, user_by_phone(contact), contact)
        else:
            PasswordResetVerificationProcess.initiate(
                request=request, user=user_by_email(contact), email=contact
            )
        return contact


class SignInCodeForm(CodeFieldMixin, allauth_forms.ConfirmLoginCodeForm):
    """The code that signs in."""


class PhoneCodeForm(CodeFieldMixin, allauth_forms.VerifyPhoneForm):
    """The code that confirms a phone."""


class EmailCodeForm(CodeFieldMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that confirms an e-mail."""

    def clean_code(self) -> str:
        """Whoever has the code has the e-mail, whoever else typed it. Raises ValidationError."""
        if compare_user_code(actual=self.cleaned_data["code"], expected=self.expected_code or ""):
            services.release_unconfirmed(email=self.email, keep=self.user)
        return super().clean_code()


class ResetCodeForm(CodeFieldMixin, allauth_forms.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""


class ResetPasswordForm(PlainMixin, allauth_forms.ResetPasswordKeyForm):
    """The new password after a code."""

    labels: ClassVar = {"password1": _("New password")}
    hints: ClassVar = {"password1": NEW_PASSWORD_HELP}


class ChangeOwnPasswordForm(PlainMixin, allauth_forms.ChangePasswordForm):
    """The present password and the new one."""

    labels: ClassVar = {"oldpassword": _("Present password"), "password1": _("New password")}
    hints: ClassVar = {"oldpassword": "", "password1": NEW_PASSWORD_HELP}


class SetOwnPasswordForm(PlainMixin, allauth_forms.SetPasswordForm):
    """A first password for an account that signs in with codes."""

    labels: ClassVar = {"password1": _("New password")}
    hints: ClassVar = {"password1": NEW_PASSWORD_HELP}


class ChangeOwnPhoneForm(PlainMixin, allauth_forms.ChangePhoneForm):
    """Another phone; it counts once its code comes back."""

    labels: ClassVar = {"phone": _("New phone number")}


class ChangeOwnEmailForm(PlainMixin, allauth_forms.AddEmailForm):
    """Another e-mail; it counts once its code comes back."""

    labels: ClassVar = {"email": _("New e-mail")}


class PasswordAgainForm(PlainMixin, allauth_forms.ReauthenticateForm):
    """The password before something sensitive is changed."""

    labels: ClassVar = {"password": _("Password")}
    hints: ClassVar = {"password": ""}
