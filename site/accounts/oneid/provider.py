"""The provider that allauth's registry finds: where to send the browser, who came back."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from accounts.oneid import client
from accounts.oneid.identity import Identity
from operations.crypto import blind_index


class OneIDAccount(ProviderAccount):
    """An account at OneID; nothing of it is shown but its name."""


class OneIDProvider(Provider):
    """Not OpenID Connect: no discovery, no signed token, no PKCE. `state` guards the way back.

    The name of a person at OneID here is the blind index of the personal number, and nothing of
    the answer is kept beside it.
    """

    id = "oneid"
    name = "OneID"
    account_class: ClassVar[type] = OneIDAccount
    uses_apps = False
    supports_redirect = True

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """The page that asks before it sends the browser away."""
        return reverse("oneid")

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None,
        data: Any = None, **kwargs: Any,
    ) -> HttpResponse:  # fmt: skip
        """To OneID, with a `state` that this session alone knows. Raises Http404 without OneID."""
        if not client.configured():
            raise Http404
        state = self.stash_redirect_state(
            request, process, next_url, data, language=get_language(), user=request.user.pk
        )
        return HttpResponseRedirect(client.authorize_url(callback_url(request), state))

    def extract_uid(self, data: Identity) -> str:
        """The blind index of the personal number."""
        return uid_of(data)

    def extract_extra_data(self, data: Identity) -> dict[str, Any]:
        """Nothing: what an account needs is in its profile."""
        return {}


def uid_of(identity: Identity) -> str:
    """The name under which allauth keeps a person of OneID."""
    return blind_index(identity.pinfl)


def callback_url(request: HttpRequest) -> str:
    """Where OneID sends the browser back: one address in all languages, registered with OneID."""
    return request.build_absolute_uri(reverse("oneid_callback"))


provider_classes = [OneIDProvider]
