"""Write everything that is encrypted anew with the first key of FIELD_KEYS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, models, transaction

from core.fields import EncryptedJSONField, EncryptedTextField, InvalidToken, key_ring

_BATCH = 500


class Command(BaseCommand):
    """Put the new key first in FIELD_KEYS, restart, run this, take the old key out.

    Each batch is a transaction of its own, and a row is changed only if nobody changed it
    meanwhile: it may be stopped and run again at any time.
    """

    help = "Encrypt all encrypted fields anew with the first key of FIELD_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Arguments."""
        parser.add_argument(
            "--dry-run", action="store_true", help="read everything, change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate field after field. Raises CommandError where a value fits no key."""
        for model, field in _fields():
            count = self._rotate(model, field, dry_run=options["dry_run"])
            self.stdout.write(f"{model._meta.label}.{field.name}: {count}")

    def _rotate(self, model: type[models.Model], field: models.Field, *, dry_run: bool) -> int:
        count, last = 0, 0
        while rows := _rows(model, field, last):
            with transaction.atomic(), connection.cursor() as cursor:
                for key, token in rows:
                    last = key
                    try:
                        renewed = key_ring().rotate(token.encode()).decode()
                    except InvalidToken as error:
                        raise CommandError(f"{model._meta.label} {key}: no key fits.") from error
                    count += 1
                    if not dry_run:
                        cursor.execute(_update(model, field), [renewed, key, token])
        return count


def _fields() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField | EncryptedJSONField):
                yield model, field


def _rows(model: type[models.Model], field: models.Field, after: Any) -> list[tuple[Any, str]]:
    """(primary key, token) of the next rows, past the field's own decryption."""
    quote = connection.ops.quote_name
    key, column = quote(_key(model)), quote(str(field.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {quote(model._meta.db_table)} "  # noqa: S608 - our names
            f"WHERE {key} > %s AND {column} <> '' ORDER BY {key} LIMIT {_BATCH}",
            [after],
        )
        return cursor.fetchall()


def _update(model: type[models.Model], field: models.Field) -> str:
    quote = connection.ops.quote_name
    column = quote(str(field.column))
    return (
        f"UPDATE {quote(model._meta.db_table)} SET {column} = %s "  # noqa: S608 - our names
        f"WHERE {quote(_key(model))} = %s AND {column} = %s"
    )


def _key(model: type[models.Model]) -> str:
    primary = model._meta.pk
    if primary is None:
        raise CommandError(f"{model._meta.label} has no primary key.")
    return str(primary.column)
