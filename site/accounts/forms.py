"""Registration, sign-in, codes, contacts and the profile: allauth's forms in our words."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import notifying, services
from accounts.dates import DateBoxesField
from accounts.models import Profile, User
from accounts.rates import CODE_RATES, GUESS_RATES
from accounts.selectors import contact_of, user_by_email, user_by_phone
from core.models import District
from operations.throttle import TooMany, limit

NO_ANSWER = _("No answer is given.")
NEW_PASSWORD_HELP = _("At least 10 characters. A few words are easy to remember.")


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
            try:
                limit("guess", f"{session}:{expected}", GUESS_RATES)
            except TooMany as error:
                raise get_adapter().validation_error("too_many_login_attempts") from error
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


def _contact(text: str) -> tuple[str, str]:
    kind, value = contact_of(text)
    if kind == "email":
        validate_email(value)
    return kind, value


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
        return _contact(self.cleaned_data["login"])[1]


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


def count_code(contact: str) -> None:
    """Count a code asked for a contact; raises ValidationError beyond the limit."""
    try:
        limit("code", contact, CODE_RATES)
    except TooMany as error:
        raise get_adapter().validation_error("too_many_login_attempts") from error


def contact_of_field(form: forms.BaseForm, text: str) -> tuple[str, str]:
    """The contact typed in `login`, or two empty texts and an error beside the field."""
    try:
        return _contact(text)
    except forms.ValidationError as error:
        form.add_error("login", error)
        return "", ""


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


class ProfileForm(PlainMixin, forms.ModelForm[Profile]):
    """What forms are filled in with; the personal number is confirmed by OneID elsewhere."""

    birth_date = DateBoxesField(label=_("Date of birth"), required=False)
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    class Meta:
        model = Profile
        fields = (
            "full_name_latin",
            "full_name_cyrillic",
            "birth_date",
            "district",
            "address",
            "language",
            "notify_sms",
            "notify_email",
        )
        labels: ClassVar = {
            "full_name_latin": _("Full name in Latin letters"),
            "full_name_cyrillic": _("Full name in Cyrillic letters"),
            "district": _("City or district"),
            "address": _("Street, house, flat"),
            "notify_sms": _("Tell me by SMS"),
            "notify_email": _("Tell me by e-mail"),
        }
        help_texts: ClassVar = {"full_name_latin": _("As in your passport.")}
        widgets: ClassVar = {
            "full_name_latin": forms.TextInput(attrs={"autocomplete": "name"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = self.instance.user.language
        self._offer_channels()
        district = self.fields["district"]
        district.queryset = District.objects.exclude(kind=District.Kind.REPUBLIC)  # type: ignore[attr-defined]
        district.empty_label = _("Not chosen")  # type: ignore[attr-defined]

    def _offer_channels(self) -> None:
        """A box for each channel; those of SMS and e-mail as they hold before anybody chose."""
        wanted = notifying.choices_of(self.instance.user)
        self.fields["notify_sms"] = forms.BooleanField(
            label=_("Tell me by SMS"), required=False, initial=wanted["sms"]
        )
        self.initial["notify_sms"] = wanted["sms"]
        for channel in notifying.more_channels():
            self.fields[f"channel_{channel.code}"] = forms.BooleanField(
                label=str(channel.label), required=False, initial=wanted[channel.code]
            )

    @transaction.atomic
    def save(self, commit: bool = True) -> Profile:
        """Keep the language in the account, and which channels were asked for."""
        self.instance.more_channels = [
            channel.code
            for channel in notifying.more_channels()
            if self.cleaned_data.get(f"channel_{channel.code}")
        ]
        profile = super().save(commit)
        services.change_language(profile.user, self.cleaned_data["language"])
        return profile
