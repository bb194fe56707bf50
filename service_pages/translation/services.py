"""The verbs of the desk: send pages to translation, give them to somebody."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Locale, Page

from accounts.models import Membership, Role, User
from core.following import open_translations
from service_pages.models import AgencyPage, TranslationBatch, TranslationTask
from service_pages.translation.desk import BY_PEOPLE

log = logging.getLogger(__name__)

#: Pages that are sent in one transaction.
CHUNK = 20


def translators(agencies: Iterable[Any] | None = None) -> QuerySet[User]:
    """Active staff who translate for one of the agencies (rows) or for all; None for anybody."""
    rows = Membership.objects.filter(role=Role.TRANSLATOR)
    if agencies is not None:
        rows = rows.filter(Q(agency=None) | Q(agency__in=list(agencies)))
    return User.objects.filter(is_active=True, pk__in=rows.values("user")).order_by("email", "pk")


def translates_for(user: User, page: Page) -> bool:
    """Whether a page is among those that `user` translates."""
    agencies = set(
        Membership.objects.filter(user=user, role=Role.TRANSLATOR).values_list("agency", flat=True)
    )
    if None in agencies:
        return True
    above = AgencyPage.objects.ancestor_of(page, inclusive=True)
    return above.filter(agency__in=agencies).exists()


@transaction.atomic
def assign(
    wanted: Iterable[tuple[UUID, str]], assignee: User | None, due_on: date | None, by: Any
) -> int:
    """Give pages in languages to a translator until a day; how many tasks that are.

    An empty day or translator takes the former one back.
    """
    tasks = [
        TranslationTask(
            page_key=key,
            language=language,
            assignee=assignee,
            due_on=due_on,
            sent_by=by,
            sent_at=timezone.now(),
        )
        for key, language in set(wanted)
        if language in BY_PEOPLE
    ]
    TranslationTask.objects.bulk_create(
        tasks,
        update_conflicts=True,
        unique_fields=["page_key", "language"],
        update_fields=["assignee", "due_on", "sent_by", "sent_at"],
        batch_size=500,
    )
    return len(tasks)


def send(
    pages: Sequence[Page],
    languages: Sequence[str],
    by: Any,
    *,
    assignee: User | None = None,
    due_on: date | None = None,
) -> None:
    """Send Uzbek pages to translation. Nothing becomes visible to readers.

    Pages must be specific. Raises ValueError for a language that no person translates into.
    """
    unknown = set(languages) - set(BY_PEOPLE)
    if unknown:
        raise ValueError(f"Nobody translates into {sorted(unknown)}.")
    locales = list(Locale.objects.filter(language_code__in=languages))
    with transaction.atomic():
        open_translations(pages, locales)
        wanted = [(page.translation_key, code) for page in pages for code in languages]
        if assignee or due_on:
            assign(wanted, assignee, due_on, by)
        else:
            # Who has a page already keeps it.
            TranslationTask.objects.bulk_create(
                [TranslationTask(page_key=key, language=code, sent_by=by) for key, code in wanted],
                ignore_conflicts=True,
                batch_size=500,
            )


def start(
    pages: Iterable[int],
    languages: Iterable[str],
    by: Any,
    *,
    assignee: User | None = None,
    due_on: date | None = None,
) -> TranslationBatch:
    """A batch to be sent by the task queue (`service_pages.tasks.send_to_translation`)."""
    return TranslationBatch.objects.create(
        pages=sorted(set(pages)),
        languages=[code for code in BY_PEOPLE if code in set(languages)],
        assignee=assignee,
        due_on=due_on,
        started_by=by,
    )


def run(batch: TranslationBatch) -> None:
    """Send what is left of a batch; after a crash it goes on where it stopped.

    A page that cannot be sent is named in `failed` and keeps no other waiting.
    """
    while batch.done < len(batch.pages):
        part = batch.pages[batch.done : batch.done + CHUNK]
        pages = list(Page.objects.filter(pk__in=part).specific())
        try:
            _send(batch, pages)
        except Exception:
            for page in pages:
                try:
                    _send(batch, [page])
                except Exception:
                    log.exception("page not sent to translation", extra={"page_id": page.pk})
                    batch.failed.append(page.pk)
        batch.done += len(part)
        batch.save(update_fields=["done", "failed"])
    batch.finished_at = timezone.now()
    batch.save(update_fields=["finished_at"])


def _send(batch: TranslationBatch, pages: Sequence[Page]) -> None:
    if pages:
        send(
            pages, batch.languages, batch.started_by,
            assignee=batch.assignee, due_on=batch.due_on,
        )  # fmt: skip
