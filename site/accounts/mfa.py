"""The second factor: secrets encrypted at rest, our words in its forms."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.form_parts import CodeFieldMixin, PlainMixin
from accounts.rates import FACTOR_RATES
from core.fields import key_ring
from operations.throttle import TooMany, give_back, limit


class MFAAdapter(DefaultMFAAdapter):
    """Keys of authenticator apps and recovery codes are kept under the ring of FIELD_KEYS."""

    error_messages = {
        "add_email_blocked": _("Switch the second step off before you change the e-mail."),
        "cannot_delete_authenticator": _(
            "Whoever works in an agency needs a second step. Set another one up first."
        ),
        "cannot_generate_recovery_codes": _("Switch the second step on first."),
        "incorrect_code": _("The code is wrong or too old."),
        "unverified_email": _("Confirm your e-mail first."),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt (Fernet). Raises ImproperlyConfigured without keys."""
        return key_ring().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt. Raises InvalidToken where no key of the ring fits."""
        return key_ring().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What stands in the box for the name of a new passkey: its number."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The portal, as devices show it beside the passkey."""
        return super().get_public_key_credential_rp_entity() | {"name": app_settings.TOTP_ISSUER}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep one at least."""
        return not (
            second_factor.needs_factor(authenticator.user)
            and second_factor.is_last_factor(authenticator)
        )


class FactorMixin(CodeFieldMixin):
    """Guesses of an account's second factor, counted by all processes together."""

    user: Any

    def clean_code(self) -> str:
        """Count the guess before it is compared; an honest one is given back.

        Raises ValidationError. allauth counts, too, in the cache of one process.
        """
        key = str(self.user.pk)
        try:
            limit("second-factor", key, FACTOR_RATES)
        except TooMany as error:
            raise get_account_adapter().validation_error("too_many_login_attempts") from error
        code = super().clean_code()
        give_back("second-factor", key, FACTOR_RATES)
        return code


class SecondFactorForm(FactorMixin, AuthenticateForm):
    """The code at sign-in: of the app, or a recovery code."""

    code_help = _("Six digits from the app, or one of your recovery codes.")


class SecondFactorAgainForm(FactorMixin, ReauthenticateForm):
    """The code before something sensitive is changed."""

    code_help = _("Six digits from the app, or one of your recovery codes.")


class ActivateForm(CodeFieldMixin, ActivateTOTPForm):
    """The first code of a new app."""

    code_help = _("Six digits from the app.")


class AddPasskeyForm(PlainMixin, AddWebAuthnForm):
    """A new passkey: its name for the person, and what the device answered."""

    labels: ClassVar = {"name": _("Name of the device")}
    hints: ClassVar = {"name": _("So that you know it again in the list.")}
    # The script asks for a key that opens alone; the device decides.
    left_out: ClassVar = ("passwordless",)


class RenamePasskeyForm(PlainMixin, EditWebAuthnForm):
    """Another name for a passkey."""

    labels: ClassVar = {"name": _("Name of the device")}
