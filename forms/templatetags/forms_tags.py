"""Tags of the room."""

from __future__ import annotations

from django import template

from forms.engine.types.files import megabytes

register = template.Library()


@register.filter
def file_size(size: int) -> str:
    """`7,2 MB` or `240 kB` in the reader's language."""
    return megabytes(size)
