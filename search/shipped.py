"""The synonyms that the portal ships with (`search/data/synonyms.txt`), and bringing them in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from languages.uzbek import fold

_FILE = Path(__file__).resolve().parent / "data" / "synonyms.txt"


@dataclass(frozen=True)
class ShippedGroup:
    """A group of the list."""

    #: Folded first member: what the group is known by when the list changes.
    key: str
    #: Members, one a line.
    words: str
    #: The heading that it stands under.
    note: str


def groups() -> Iterator[ShippedGroup]:
    """The groups of the list in its order."""
    note = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            note = line.strip("[]")
            continue
        members = [member.strip() for member in line.split(";")]
        yield ShippedGroup(fold(members[0]), "\n".join(filter(None, members)), note)


def load(model: Any) -> tuple[int, int]:
    """Bring the list into the editors' rows; (added, changed).

    `model` is Synonyms, or what a migration knows of it. A group that editors changed, or do not use,
    stays as they left it; one that they deleted comes back, so they had better not use it.
    """
    present = {row.shipped_key: row for row in model.objects.exclude(shipped_key=None)}
    added, changed = [], []
    for group in groups():
        row = present.get(group.key)
        if row is None:
            added.append(
                model(
                    shipped_key=group.key,
                    shipped_words=group.words,
                    words=group.words,
                    note=group.note,
                )
            )
        elif row.shipped_words != group.words:
            if row.words == row.shipped_words:
                row.words = group.words
            row.shipped_words = group.words
            changed.append(row)
    model.objects.bulk_create(added)
    model.objects.bulk_update(changed, ["words", "shipped_words"])
    return len(added), len(changed)
