"""`{% icon "home" %}` and `{% mark "segiz-muyiz" %}`: inline drawings beside words."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.icons import ICONS, MARKS, UNKNOWN

register = template.Library()


def _icon(path: str) -> SafeString:
    # Only constants of core.icons come here.
    return mark_safe(  # noqa: S308
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">'
        f'<path d="{path}"/></svg>'
    )


def _mark(width: int, height: int, path: str) -> SafeString:
    return mark_safe(  # noqa: S308
        f'<svg class="mark" viewBox="0 0 {width} {height}" width="{width * 2}" '
        f'height="{height * 2}" aria-hidden="true"><path d="{path}"/></svg>'
    )


_UNKNOWN = _icon(UNKNOWN)
_ICONS = {name: _icon(path) for name, path in ICONS.items()}
_MARKS = {name: _mark(*drawing) for name, drawing in MARKS.items()}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of a name; a small diamond where there is none."""
    return _ICONS.get(name, _UNKNOWN)


@register.simple_tag
def mark(name: str) -> SafeString:
    """A section mark of a name; nothing where there is none."""
    return _MARKS.get(name, SafeString())
