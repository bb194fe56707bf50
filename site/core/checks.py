"""House rules of pages and StreamFields as system checks."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from wagtail.fields import StreamField
from wagtail.models import Page

from core.fields import QuietStreamField
from core.models import BasePage

_OUR_ROOMS = {"home", "service_pages", "portal_forms", "search", "registry"}


@register("portal")
def pages_extend_the_base(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every page type of ours has the gate, the synchronised slug and quiet StreamFields."""
    errors = []
    for model in apps.get_models():
        if not issubclass(model, Page) or model._meta.app_label not in _OUR_ROOMS:
            continue
        if not issubclass(model, BasePage):
            errors.append(
                Error(
                    f"{model._meta.label} does not extend core.models.BasePage.",
                    hint="Without it the publish gate is bypassed.",
                    obj=model,
                    id="core.E001",
                )
            )
        errors.extend(
            Error(
                f"{model._meta.label}.{field.name} is a plain StreamField.",
                hint="Use core.fields.QuietStreamField: a changed block writes no migration.",
                obj=model,
                id="core.E002",
            )
            for field in model._meta.get_fields()
            if isinstance(field, StreamField) and not isinstance(field, QuietStreamField)
        )
    return errors
