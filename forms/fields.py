"""Model fields of the room."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from forms.engine.advice import PersonalData
from service_pages.vocabulary import Audience


class ChoicesField(models.JSONField):
    """A list of the values of a `TextChoices`: one box for each in the editor."""

    kinds: ClassVar[type[models.TextChoices]]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        super().__init__(**kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Only known values. Raises ValidationError."""
        super().validate(value, model_instance)
        if not isinstance(value, list) or not set(value) <= set(self.kinds.values):
            raise ValidationError(_("Choose one of the answers offered."))

    def formfield(self, **kwargs: Any) -> Any:
        """One box for each value."""
        return forms.MultipleChoiceField(
            choices=self.kinds.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
        )


class AudienceField(ChoicesField):
    """Categories of applicants."""

    kinds = Audience


class PersonalDataField(ChoicesField):
    """Categories of personal data."""

    kinds = PersonalData
