"""Model fields of the room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from service_pages.vocabulary import Audience


class AudienceField(models.JSONField):
    """Categories of applicants: a list of the values of `Audience`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        super().__init__(**kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Only known categories. Raises ValidationError."""
        super().validate(value, model_instance)
        if not isinstance(value, list) or not set(value) <= set(Audience.values):
            raise ValidationError(_("Choose one of the answers offered."))

    def formfield(self, **kwargs: Any) -> Any:
        """One box for each category."""
        return forms.MultipleChoiceField(
            choices=Audience.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
        )
