"""What allauth asks of us when somebody comes back from OneID."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from accounts.models import User
from accounts.oneid import pending, services
from accounts.oneid.identity import Identity


class SocialAdapter(DefaultSocialAccountAdapter):
    """An unknown person is asked before an account is made; nothing links by a mere e-mail."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Leave the unsaved account as it is: `services` fills in the saved one."""
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take over what OneID says today; ask a person who is new here what they want.

        Raises ImmediateHttpResponse where the sign-in does not go on by itself.
        """
        identity: Identity = sociallogin.identity
        linking = sociallogin.state.get("process") == AuthProcess.CONNECT
        if sociallogin.is_existing and not linking:
            services.refresh(sociallogin.user, identity)
            return
        if linking and sociallogin.is_existing and sociallogin.user.pk == request.user.pk:
            # Linked already: they showed once more that it is them.
            services.refresh(sociallogin.user, identity)
            record_authentication(
                request, sociallogin.user, "socialaccount", provider=sociallogin.provider.id,
                uid=sociallogin.account.uid, reauthenticated=True,
            )  # fmt: skip
            where = sociallogin.state.get("next") or reverse("profile")
            raise ImmediateHttpResponse(HttpResponseRedirect(where))
        pending.keep(request, identity, sociallogin.state.get("next") or "")
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("oneid_join")))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """allauth's own sign-up after OneID is not used."""
        return False
