"""Steps of signing in that differ from allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.stages import EmailVerificationStage


class EmailStage(EmailVerificationStage):
    """Ask for the e-mail's code only where the e-mail is what the account signs in with.

    allauth would keep out everybody without a confirmed e-mail: most citizens have a phone alone.
    Staff e-mails are entered by administrators, who vouch for them.
    """

    def handle(self) -> tuple[Any, bool]:
        """Go on for accounts with a confirmed phone, without an e-mail, or of staff."""
        user = self.login.user
        if user is not None and (user.is_staff or user.phone_verified or not user.email):
            return None, True
        return super().handle()
