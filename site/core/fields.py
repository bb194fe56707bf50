"""Model fields that every room may use."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from wagtail.fields import StreamField

from core.money import Tiyin
from core.texts import complete, renewed
from core.widgets import TextMapFormField


class TiyinField(models.BigIntegerField):
    """A sum of money: a whole number in the database, `Tiyin` in Python. Never a float."""

    # For mypy alone: the value is a Tiyin.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Tiyin | None:
        """Money as read."""
        return None if value is None else Tiyin(int(value))

    def get_prep_value(self, value: Any) -> Any:
        """A plain int for the database. Raises TypeError on what is no whole number."""
        return None if value is None or hasattr(value, "resolve_expression") else int(Tiyin(value))

    def to_python(self, value: Any) -> Any:
        """Money of an int or its digits."""
        return None if value is None else Tiyin(value)


class QuietStreamField(StreamField):
    """A StreamField whose blocks are no part of the migration state.

    Blocks are the editors' vocabulary and change often; the column does not. Without this every
    new block writes a migration (more than sixty in one state portal we know of).
    """

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        # Migrations rebuild the field from `deconstruct`, that is without blocks.
        super().__init__(block_types or [], **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the blocks out, keep the column."""
        name, path, _args, kwargs = super().deconstruct()
        for key in (
            "block_lookup",
            "block_types",
            "min_num",
            "max_num",
            "block_counts",
            "collapsed",
        ):
            kwargs.pop(key, None)
        kwargs.pop("verbose_name", None)
        kwargs.pop("help_text", None)
        return name, path, [], kwargs


class TextMapField(models.JSONField):
    """One text in several languages: `{"uz": …, "uz-cyrl": …, "kaa": …, "ru": …, "en": …}`.

    For plain rows that are no pages. The Cyrillic text is derived on save where it is missing.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(**kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Complete the map; the Cyrillic text follows a changed Uzbek one (`core.texts`)."""
        value = complete(getattr(model_instance, self.attname) or {})
        if not add and "uz-cyrl" in value:
            rows = type(model_instance)._base_manager.filter(pk=model_instance.pk)
            value = renewed(rows.values_list(self.attname, flat=True).first() or {}, value)
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        """One input per language."""
        return models.Field.formfield(self, **{"form_class": TextMapFormField, **kwargs})


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def key_ring() -> MultiFernet:
    """The keys of settings.FIELD_KEYS: the first writes, all read.

    Raises ImproperlyConfigured where no key is set: an empty secret refuses, it never passes.
    """
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("FIELD_KEYS is empty: personal data cannot be stored.")
    return _ring(tuple(settings.FIELD_KEYS))


class EncryptedTextField(models.TextField):
    """Text encrypted at rest (Fernet: AES-128-CBC with HMAC-SHA-256). Cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt; an empty text stays empty."""
        if value is None or value == "":
            return value
        return key_ring().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Decrypt. Raises cryptography.fernet.InvalidToken where no key of the ring fits."""
        if value is None or value == "":
            return value
        return key_ring().decrypt(value.encode()).decode()


class EncryptedJSONField(models.TextField):
    """A JSON value encrypted at rest. Python side: dict or list; default is an empty dict."""

    # For mypy alone: the value is not a TextField's text.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(**kwargs)

    def get_prep_value(self, value: Any) -> Any:
        """Serialise and encrypt."""
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return key_ring().encrypt(text.encode()).decode()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Decrypt and parse. Raises InvalidToken where no key fits."""
        if value is None or value == "":
            return {}
        return json.loads(key_ring().decrypt(value.encode()))

    def to_python(self, value: Any) -> Any:
        """Accept a parsed value or its JSON text (fixtures)."""
        if isinstance(value, str):
            try:
                return json.loads(value)
            except json.JSONDecodeError:
                return value
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """JSON text for serialisers."""
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)


__all__ = [
    "EncryptedJSONField",
    "EncryptedTextField",
    "InvalidToken",
    "QuietStreamField",
    "TextMapField",
    "TiyinField",
    "key_ring",
]
