"""Translations form a star from Uzbek: mirrors and chains between languages are refused.

Two-way synchronisation ends in an IntegrityError and a chain makes two sources of one page
(wagtail-localize #872, #662).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale
from wagtail_localize.models import LocaleSynchronization, LocaleSynchronizationModelForm

FROM_UZBEK = _("Other languages are synchronised from Uzbek alone.")
NOT_INTO_UZBEK = _("Uzbek is written first: it is synchronised from no other language.")


def check(locale: Locale, sync_from: Locale) -> None:
    """Raises ValidationError on any other direction than from Uzbek outwards."""
    if locale.language_code == settings.LANGUAGE_CODE:
        raise ValidationError({"sync_from": NOT_INTO_UZBEK})
    if sync_from.language_code != settings.LANGUAGE_CODE:
        raise ValidationError({"sync_from": FROM_UZBEK})


class StarForm(LocaleSynchronizationModelForm):
    """wagtail-localize's form on a locale, which refuses a locale's own mirror alone."""

    def validate_with_locale(self, locale: Locale) -> None:
        """Name the wrong direction beside the field."""
        super().validate_with_locale(locale)
        if self.cleaned_data.get("sync_from"):
            check(locale, self.cleaned_data["sync_from"])


def on_synchronization_saved(sender: Any, instance: LocaleSynchronization, **kwargs: Any) -> None:
    """The same for every other way to save one."""
    check(instance.locale, instance.sync_from)


def install() -> None:
    """Put our form in wagtail-localize's place (AppConfig.ready)."""
    LocaleSynchronization.base_form_class = StarForm
