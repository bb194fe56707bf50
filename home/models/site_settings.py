"""What administrators decide for the whole portal."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from core.publishing import bump_generation, kept


@register_setting(icon="globe")
class SpellingSettings(BaseGenericSetting):
    """The letters of the Uzbek Latin pages: those of 1995, or ö ğ ş ç once the law is in force."""

    new_latin = models.BooleanField(
        _("spelling of 2026"),
        default=False,
        help_text=_("Uzbek pages in Latin are shown with ö, ğ, ş, ç. Texts stay as they are kept."),
    )

    class Meta:
        verbose_name = _("Uzbek spelling")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save and make cached pages stale."""
        super().save(*args, **kwargs)
        bump_generation()


def shows_new_latin() -> bool:
    """Whether Uzbek Latin pages are shown in the spelling of 2026; cached."""
    rows = SpellingSettings.objects.filter(new_latin=True)
    return kept("spelling", lambda: 1 if rows.exists() else 0) == 1
