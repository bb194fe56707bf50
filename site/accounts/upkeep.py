"""What accounts leave behind and nobody needs: ended sessions with their addresses, ended mandates
with the people they were for."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from accounts.models import Representation, RepresentedPerson

#: Days after which a mandate that ended is forgotten: longer than a draft begun by it lives.
ENDED_DAYS = 60


def forget_sessions() -> int:
    """Delete ended sessions, and with them the internet addresses they came from; how many.

    An address is kept as long as its session may live (SESSION_COOKIE_AGE, two weeks) and no longer:
    it is there for its owner to know the own devices.
    """
    long_ago = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    gone, _by_model = UserSession.objects.filter(last_seen_at__lt=long_ago).delete()
    return gone


def forget_mandates() -> int:
    """Delete ended mandates for people with the name and the number of whom they were for; how many.

    What a request was sent by stays with it, and goes with it.
    """
    long_ago = timezone.now() - timedelta(days=ENDED_DAYS)
    over = Q(revoked_at__lt=long_ago) | Q(valid_until__lt=long_ago.date())
    gone = 0
    for row in Representation.objects.filter(over, person__isnull=False).order_by("pk"):
        try:
            with transaction.atomic():
                row.delete()
                RepresentedPerson.objects.filter(
                    pk=row.person_id, representations__isnull=True
                ).delete()
        except ProtectedError:
            continue
        gone += 1
    return gone
