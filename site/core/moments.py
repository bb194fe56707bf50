"""Moments in words, by the portal's own clock: rows hold them in UTC."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from languages.dates import format_datetime


def format_moment(moment: datetime, language: str) -> str:
    """Date and time of day in the zone of the portal, whatever zone the moment has."""
    return format_datetime(timezone.localtime(moment), language)
