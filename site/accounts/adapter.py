"""What allauth asks of us: phones in the user's row, codes by SMS, our words, our redirects."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import services
from accounts.models import Profile, User
from accounts.phones import PhoneField, clean_phone
from accounts.rates import FAILURES_OF_AN_ADDRESS, SIGN_IN_RATES
from accounts.selectors import user_by_phone
from operations import sms
from operations.crypto import blind_index
from operations.throttle import TooMany, give_back, limit, slow_down

logger = logging.getLogger(__name__)

_MISMATCH = gettext_lazy("The phone, e-mail or password is wrong.")


class AccountAdapter(DefaultAccountAdapter):
    """Phone first, e-mail second; nothing tells whether an account exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is closed."),
        "cannot_remove_primary_email": gettext_lazy("An account needs a phone or an e-mail."),
        "duplicate_email": gettext_lazy("This is your e-mail already."),
        "email_password_mismatch": _MISMATCH,
        "phone_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "email_taken": gettext_lazy("This e-mail belongs to another account."),
        "phone_taken": gettext_lazy("This phone belongs to another account."),
        "enter_current_password": gettext_lazy("The present password is wrong."),
        "incorrect_password": gettext_lazy("The password is wrong."),
        "incorrect_code": gettext_lazy("The code is wrong or too old."),
        "invalid_login": _MISMATCH,
        "invalid_password_reset": gettext_lazy("The code is wrong or too old."),
        "invalid_or_expired_key": gettext_lazy("The code is wrong or too old."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Try again later."),
        "rate_limited": gettext_lazy("Too many attempts. Try again later."),
        "same_as_current": gettext_lazy("This is the same as now."),
        "unverified_primary_email": gettext_lazy("Confirm your e-mail first."),
    }

    # -- Registration and sign-in ------------------------------------------------------------

    def get_login_stages(self) -> list[str]:
        """allauth's steps with our rule about e-mails."""
        ours = "accounts.stages.EmailStage"
        return [
            ours if path.endswith(".EmailVerificationStage") else path
            for path in super().get_login_stages()
        ]

    def save_user(
        self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True
    ) -> User:
        """Keep contact, name and language of the page; make the profile.

        With a phone the e-mail is not yet the account's: it becomes so when its code comes back.
        """
        data = form.cleaned_data
        user.phone = data.get("phone") or None
        user.email = None if user.phone else data.get("email") or None
        user.full_name = data.get("full_name", "")
        user.language = get_language() or "uz"
        user.set_password(data.get("password1") or None)
        if commit:
            user.save()
            Profile.objects.get_or_create(user=user, defaults={"full_name_latin": user.full_name})
        return user

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed attempts are counted by phone or e-mail; allauth counts all phones as one."""
        names = ("email", "phone", "username")
        contact = next((credentials[name] for name in names if credentials.get(name)), "")
        return blind_index(contact.lower())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before it is made; raises ValidationError beyond the limit.

        allauth counts in the cache; ours is counted by all processes together, whatever cache
        there is.
        """
        self._attempt = self._get_login_attempts_cache_key(request, **credentials)
        try:
            limit("sign-in", self._attempt, SIGN_IN_RATES)
        except TooMany as error:
            raise self.validation_error("too_many_login_attempts") from error

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """An address that fails all the time waits; others behind it do not."""
        slow_down("sign-in-failed", self.get_client_ip(request), FAILURES_OF_AN_ADDRESS)

    def _rollback_login_failed_rl_usage(self) -> None:
        """The attempt was an honest one; those before it stay counted."""
        give_back("sign-in", self._attempt, SIGN_IN_RATES)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A new password was chosen with a code; the failures before it stay counted."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their inbox, applicants to their requests."""
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """As after sign-in."""
        return self.get_login_redirect_url(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The home page in the reader's language."""
        return f"/{get_language()}/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the profile."""
        return reverse("profile")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Back to the profile."""
        return reverse("profile")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show once more that it is you, in our words."""
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use the code of an app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [
            method | {"description": words.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]

    # -- Contacts ----------------------------------------------------------------------------

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        """The field with our rules."""
        kwargs.setdefault("required", False)
        kwargs.pop("label", None)
        return PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        """E.164. Raises ValidationError."""
        return clean_phone(phone)

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Keep the phone in the user's row."""
        services.release_unconfirmed(phone=phone, keep=user)
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """(phone, whether it was confirmed), or None."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: User, phone: str) -> None:
        """The code came back: the phone is this person's."""
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """The account of a confirmed phone, or None."""
        return user_by_phone(phone)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The code came back: the e-mail is this person's, whoever typed it before."""
        services.release_unconfirmed(email=email_address.email, keep=email_address.user)
        return super().confirm_email(request, email_address)

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """An account keeps a contact it can sign in with."""
        user = email_address.user
        return email_address.email != user.email or bool(user.phone and user.phone_verified)

    # -- Messages ----------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: a code is worth nothing later."""
        self._deliver(
            lambda: super(AccountAdapter, self).send_mail(template_prefix, email, context)
        )

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        """The code, and that nobody will ask for it."""
        self._sms(
            phone,
            _("%(code)s is your code. Tell it to nobody: our staff never ask for it.")
            % {"code": code},
        )

    def send_code_sms(self, purpose: str, phone: str, code: str, name: str = "") -> None:
        """A code of `accounts.codes`; whose notices are to come, where it is for that."""
        if purpose.startswith("consent:"):
            self._sms(
                phone,
                _(
                    "%(code)s is the code of your consent that this person acts for you on the "
                    "portal: %(name)s. If you do not agree, tell it to nobody."
                )
                % {"code": code, "name": name},
            )
            return
        if purpose != "notices":
            self.send_verification_code_sms(None, phone, code)
            return
        self._sms(
            phone,
            _(
                "%(code)s is the code by which portal messages for this person come to your phone: "
                "%(name)s. If you do not want them, tell it to nobody."
            )
            % {"code": code, "name": name},
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Whoever asks for a code of a phone without account learns it by SMS, not on the page."""
        self._sms(phone, _("There is no account with this phone. You can register on the portal."))

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Whoever registers a phone that has an account learns it by SMS, not on the page."""
        self._sms(phone, _("This phone already has an account. Sign in instead of registering."))

    def _sms(self, phone: str, text: str) -> None:
        limit("sms", blind_index(phone), "15/h")
        self._deliver(lambda: sms.send(phone, text))

    def _deliver(self, send: Callable[[], object]) -> None:
        """Say that nothing could be sent instead of waiting for a code that will not come."""
        try:
            send()
        except OSError as error:
            logger.error("sign-in message not sent: %s", type(error).__name__)
            messages.error(
                self.request, _("We could not send the code. Try again in a few minutes.")
            )
            raise ImmediateHttpResponse(HttpResponseRedirect(self.request.path)) from error
