"""Papers of mandates: kept privately, read by the two people and at the counter, each time noted.

What may be attached is known to the room of forms, which registers its check here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mandates
from accounts.models import MandatePaper, Representation, User
from accounts.paper_models import FOLDER
from core import private_files
from operations import journal

#: Files of one mandate, and of one sending.
MOST = 4
#: Days after which nobody confirms a mandate any more, and its papers go.
WAITING_DAYS = 90


class NotTaken(Exception):
    """A file that cannot be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its bytes as they are stored, its kind as they say."""

    name: str
    kind: str
    content: bytes
    scanned: bool


class Door(Protocol):
    """What decides which files come in."""

    #: Endings for the browser's `accept`.
    accept: str
    #: Kinds and size in words.
    words: Any

    def check(self, upload: UploadedFile) -> Checked:
        """The file as it may be kept. Raises NotTaken."""


_doors: list[Door] = []


def register(door: Door) -> None:
    """Let a room above say what may come in."""
    _doors[:] = [door]


def door() -> Door:
    """What decides. Raises IndexError where no room registered: then nothing comes in."""
    return _doors[0]


def check(sent: Iterable[UploadedFile]) -> list[Checked]:
    """All files as they may be kept. Raises NotTaken on the first that may not."""
    chosen = list(sent)
    _count(len(chosen))
    return [door().check(upload) for upload in chosen]


def _count(files: int) -> None:
    if files > MOST:
        raise NotTaken(_("Too many files. At most: %(count)s") % {"count": MOST})


def keep(user: User, mandate: Representation, checked: Iterable[Checked]) -> list[MandatePaper]:
    """Keep papers with a mandate that `user` asked for and nobody confirmed yet.

    Raises mandates.NotYours, NotTaken where there are too many.
    """
    with private_files.written() as saved:
        locked = Representation.objects.select_for_update().get(pk=mandate.pk)
        if not mandates.waiting_of(user).filter(pk=locked.pk).exists():
            raise mandates.NotYours
        files = list(checked)
        _count(locked.papers.count() + len(files))
        for file in files:
            paper = MandatePaper(
                mandate=locked, filename=file.name, content_type=file.kind, scanned=file.scanned
            )
            private_files.store(paper, file.content, saved)
            journal.append("mandate paper added", f"mandate:{locked.pk}", actor=user)
    return saved


@transaction.atomic
def remove(user: User, pk: int) -> None:
    """Take a paper off a mandate that still waits. Raises mandates.NotYours."""
    paper = MandatePaper.objects.filter(
        pk=pk, mandate__in=mandates.waiting_of(user)
    ).first()  # fmt: skip
    if paper is None:
        raise mandates.NotYours
    private_files.drop([paper])
    journal.append("mandate paper removed", f"mandate:{paper.mandate_id}", actor=user)


def readable(user: User, mandate: Representation) -> bool:
    """Whether `user` is one of the two people: who asked, or whom OneID knows as the other."""
    if mandate.revoked_at is not None:
        return False
    return mandate.user_id == user.pk or any(
        row.pk == mandate.pk for row in mandates.asked_of(user)
    )


def give(paper: MandatePaper, reader: User) -> FileResponse:
    """The file, to keep and never to run; that it was read is noted. Raises Http404 where its bytes
    are gone."""
    content = private_files.opened(paper)
    journal.append(
        "mandate paper read", f"mandate:{paper.mandate_id}", actor=reader,
        data={"paper": str(paper.uuid)},
    )  # fmt: skip
    return private_files.give(content, paper)


@transaction.atomic
def forget() -> int:
    """Delete the papers of mandates that ended or that nobody confirmed in time; how many.

    The request that was sent by a mandate keeps in words which paper showed it.
    """
    now = timezone.now()
    over = Q(mandate__revoked_at__isnull=False) | Q(mandate__valid_until__lt=timezone.localdate())
    unwanted = Q(
        mandate__confirmed_at__isnull=True, added_at__lt=now - timedelta(days=WAITING_DAYS)
    )
    return private_files.drop(MandatePaper.objects.filter(over | unwanted))


def delete_orphans() -> int:
    """Delete bytes that no paper names: what a crash between disk and database left; how many."""
    return private_files.delete_orphans(MandatePaper, FOLDER)
