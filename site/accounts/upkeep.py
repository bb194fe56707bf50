"""What accounts leave behind and nobody needs: ended sessions with their addresses."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone


def forget_sessions() -> int:
    """Delete ended sessions, and with them the internet addresses they came from; how many.

    An address is kept as long as its session may live (SESSION_COOKIE_AGE, two weeks) and no longer:
    it is there for its owner to know the own devices.
    """
    long_ago = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    gone, _by_model = UserSession.objects.filter(last_seen_at__lt=long_ago).delete()
    return gone
