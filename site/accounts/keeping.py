"""What accounts and the operation of the portal keep of people (`accounts.kept`)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import codes, papers, upkeep
from accounts.kept import Part
from operations import outbox


def days(number: int) -> str:
    """A number of days in words."""
    return ngettext("%(n)d calendar day", "%(n)d calendar days", number) % {"n": number}


def parts() -> list[Part]:
    """Account, profile, mandates, sessions, codes, messages, the journal."""
    session = settings.SESSION_COOKIE_AGE // 86400
    minutes = codes.SECONDS // 60
    return [
        Part(_("Account: name, phone, e-mail"), _("to sign in, and to tell you about your requests"),
             _("until you close the account")),
        Part(_("Profile: personal number (encrypted), date of birth, address"),
             _("to fill in forms and to know you surely"), _("until you close the account")),
        Part(_("For whom you act, and the paper that shows it"),
             _("so that nobody acts for others without a right"),
             _("%(days)s after the mandate ends; the requests sent by it keep it")
             % {"days": days(upkeep.ENDED_DAYS)}),
        Part(_("Scans of such papers"), _("to be seen by the person concerned and at the counter"),
             _("until the mandate ends; %(days)s where nobody confirms it")
             % {"days": days(papers.WAITING_DAYS)}),
        Part(_("Devices on which you are signed in, with their internet addresses"),
             _("so that you can see and end what is not yours"), days(session)),
        Part(_("One-time codes"), _("to sign in"),
             ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}),
        Part(_("How often something was tried, under a sign that cannot be read back"),
             _("to stop guessers"), days(1)),
        Part(_("Messages that were sent to you"), _("to find out why one did not come"),
             days(outbox.KEPT_DAYS)),
        Part(_("Who looked at whose data, with numbers instead of names"),
             _("to answer for it"), _("as long as the portal runs")),
    ]  # fmt: skip
