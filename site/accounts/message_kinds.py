"""Messages about accounts, roles and mandates with the words of the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from operations.wording import Kind

_GROUP = _("Accounts and roles")
_AGENCY = {"agency": "Adliya vazirligi"}

INVITATION = Kind(
    key="accounts/invitation",
    label=_("A firm asks somebody to act for it"),
    group=_GROUP,
    samples={"organization": "Namuna MChJ", "url": "https://example.org/accounts/mandates/"},
    subject=("{organization}: ", _("you are asked to act for this firm")),
    email=(
        ("{organization}: ", _("you are asked to act for this firm")), ("",),
        (_("Sign in and answer:"), " {url}"),
    ),
    sms=(
        ("{organization}: ", _("you are asked to act for this firm")),
        (_("Sign in and answer:"), " {url}"),
    ),
)  # fmt: skip
INVITED = Kind(
    key="accounts/invited",
    label=_("You were given a role on the portal"),
    group=_GROUP,
    samples=_AGENCY,
    subject=(_("You were given a role on the portal"),),
    email=(
        (_("You work on the portal for:"), " {agency}"),
        (_("Sign in with this e-mail; a code is sent to you. Then the portal asks you to set up a "
           "second step."),),
    ),
    needed=(),
)  # fmt: skip
FACTOR_RESET = Kind(
    key="accounts/factor_reset",
    label=_("Your second step of signing in was taken away"),
    group=_GROUP,
    samples=_AGENCY,
    subject=(_("Your second step of signing in was taken away"),),
    email=(
        (_("It was done for you at:"), " {agency}"),
        (_("At the next sign-in you set up a new one. If you did not ask for it, tell your head at "
           "once."),),
    ),
    needed=(),
)  # fmt: skip
REVIEW = Kind(
    key="accounts/review",
    label=_("Look through the list of your people"),
    group=_GROUP,
    samples=_AGENCY,
    subject=(_("Look through the list of your people"),),
    email=(
        (_("Once a month the head confirms who works on the portal for:"), " {agency}"),
        (_("Open the page “People of the agency”, take away what is no longer needed, and "
           "confirm."),),
    ),
    needed=(),
)  # fmt: skip
_CLOSED = _(
    "Your account on the portal was closed as you asked. If it was not you, tell us at once: the "
    "phone of the portal stands on its pages."
)
CLOSED = Kind(
    key="accounts/closed",
    label=_("Your account was closed"),
    group=_GROUP,
    samples={},
    subject=(_("Your account was closed"),),
    email=((_CLOSED,),),
    sms=((_CLOSED,),),
    needed=(),
)
_RECOVERY = _(
    "Somebody asks at the counter of an agency to put another phone into your account on the "
    "portal. If it is not you, sign in and refuse, or call the portal."
)
RECOVERY = Kind(
    key="accounts/recovery",
    label=_("Another phone for your account?"),
    group=_GROUP,
    samples={},
    subject=(_("Another phone for your account?"),),
    email=((_RECOVERY,),),
    sms=((_RECOVERY,),),
    needed=(),
)
ALL = (INVITATION, INVITED, FACTOR_RESET, REVIEW, CLOSED, RECOVERY)
