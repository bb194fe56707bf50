"""What each language lacks: the reads of the translation desk, in a handful of queries a language.

States are worked out from the pages, wagtail-localize's records and running workflows; nothing of
them is stored, so the desk cannot be out of date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from core.conversions import FOLLOWERS
from service_pages.models import AgencyPage, TranslationTask

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
#: Languages that people translate into, and that pages are sent to.
BY_PEOPLE = tuple(code for code in LANGUAGES if code not in FOLLOWERS)


class State(models.TextChoices):
    """Where a page stands in a language."""

    MISSING = "missing", _("not translated")
    OPEN = "open", _("being translated")
    OUTDATED = "outdated", _("outdated")
    WAITING = "waiting", _("waits for approval")
    DONE = "done", _("done")


@dataclass(frozen=True)
class Entry:
    """One page in one language."""

    page_id: int
    key: UUID
    title: str
    #: Title of the agency whose page it is or stands under; empty for the portal's own pages.
    agency: str
    language: str
    state: State
    #: Segments of the Uzbek page, and how many of them have no text in the language.
    total: int
    left: int
    #: Texts that were translated after the page was published and have not been sent.
    unsent: int
    #: The editor's own texts in a language that a converter writes.
    overrides: int
    target_id: int | None
    task: TranslationTask | None

    @property
    def assignee(self) -> Any:
        """Who translates it, or None."""
        return self.task.assignee if self.task else None

    @property
    def due_on(self) -> date | None:
        """Until when, or None."""
        return self.task.due_on if self.task else None

    @property
    def overdue(self) -> bool:
        """Whether the day is over and the page is not done."""
        late = self.due_on is not None and self.due_on < timezone.localdate()
        return late and self.state is not State.DONE


def sources_for(user: Any, agency: AgencyPage | None = None) -> QuerySet[Page]:
    """Published Uzbek pages that `user` has to do with, in tree order; of one agency if given."""
    allowed = PagePermissionPolicy().instances_user_has_any_permission_for(
        user, {"add", "change", "publish"}
    )
    rows = allowed.filter(
        locale__language_code=settings.LANGUAGE_CODE, alias_of=None, depth__gt=1, live=True
    )
    if agency is not None:
        rows = rows.descendant_of(agency, inclusive=True)
    return rows.order_by("path")


def agencies_for(user: Any) -> list[AgencyPage]:
    """Agencies whose pages `user` has to do with, by title."""
    own = sources_for(user).values("pk")
    return list(AgencyPage.objects.filter(pk__in=own).order_by("title"))


def may_use(user: Any) -> bool:
    """Whether `user` has anything to do at the desk."""
    return bool(user.is_superuser or sources_for(user).exists())


def entries(sources: Iterable[Page], languages: Iterable[str] = LANGUAGES) -> list[Entry]:
    """Where pages stand in languages; by language, then in the order of the pages."""
    pages = list(sources)
    locales = {row.language_code: row for row in Locale.objects.all()}
    totals = _totals()
    waiting = _waiting()
    agencies = _agencies()
    found = []
    for code in languages:
        if code in locales:
            found += _in_language(pages, locales[code], totals, waiting, agencies)
    return found


def _in_language(
    pages: list[Page],
    locale: Locale,
    totals: dict[UUID, int],
    waiting: set[str],
    agencies: dict[str, str],
) -> list[Entry]:
    code = locale.language_code
    targets = {row.translation_key: row for row in Page.objects.filter(locale=locale)}
    translated = _translated(locale)
    open_ones = set(
        Translation.objects.filter(target_locale=locale, enabled=True).values_list(
            "source__object_id", flat=True
        )
    )
    tasks = {
        task.page_key: task
        for task in TranslationTask.objects.filter(language=code).select_related("assignee")
    }
    overrides = _overrides(locale) if code in FOLLOWERS else {}
    found = []
    for page in pages:
        key = page.translation_key
        target, task = targets.get(key), tasks.get(key)
        done, unsent = translated.get(key, (0, 0))
        total = totals.get(key, 0) if key in open_ones else 0
        left = max(0, total - done)
        if target is not None and str(target.pk) in waiting:
            state = State.WAITING
        elif target is None or target.alias_of_id or not target.live:
            state = State.OPEN if task or done else State.MISSING
        elif left:
            state = State.OUTDATED
        else:
            state = State.OPEN if unsent and code not in FOLLOWERS else State.DONE
        found.append(
            Entry(
                page_id=page.pk,
                key=key,
                title=page.title,
                agency=_agency_of(page, agencies),
                language=code,
                state=state,
                total=total,
                left=left,
                unsent=unsent,
                overrides=overrides.get(key, 0),
                target_id=target.pk if target else None,
                task=task,
            )
        )
    return found


def _totals() -> dict[UUID, int]:
    rows = StringSegment.objects.filter(source__locale__language_code=settings.LANGUAGE_CODE)
    return dict(rows.values_list("source__object_id").annotate(n=Count("pk")))


def _translated(locale: Locale) -> dict[UUID, tuple[int, int]]:
    """page key → (segments with a text, those of them that are newer than what is published)."""
    later = Q(
        string__translations__updated_at__gt=F("source__translations__destination_last_updated_at")
    )
    rows = (
        StringSegment.objects.filter(
            source__locale__language_code=settings.LANGUAGE_CODE,
            source__translations__target_locale=locale,
            string__translations__locale=locale,
            string__translations__context=F("context"),
            string__translations__has_error=False,
        )
        .values_list("source__object_id")
        .annotate(done=Count("pk"), unsent=Count("pk", filter=later))
    )
    return {key: (done, unsent) for key, done, unsent in rows}


def _overrides(locale: Locale) -> dict[UUID, int]:
    rows = StringSegment.objects.filter(
        string__translations__locale=locale,
        string__translations__context=F("context"),
        string__translations__translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
    )
    return dict(rows.values_list("source__object_id").annotate(n=Count("pk")))


def _waiting() -> set[str]:
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    return set(states.values_list("object_id", flat=True))


def _agencies() -> dict[str, str]:
    """path of an agency's Uzbek page → its title."""
    rows = AgencyPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return dict(rows.values_list("path", "title"))


def _agency_of(page: Page, agencies: dict[str, str]) -> str:
    for end in range(len(page.path), 0, -Page.steplen):
        if page.path[:end] in agencies:
            return agencies[page.path[:end]]
    return ""


def summary(found: Iterable[Entry]) -> list[dict[str, Any]]:
    """Per language: how many pages are in each state, how many segments wait, how many are late."""
    counts: dict[str, Counter[str]] = {}
    for entry in found:
        of = counts.setdefault(entry.language, Counter())
        of[entry.state.value] += 1
        of["segments"] += entry.left if entry.state is State.OUTDATED else 0
        of["overdue"] += entry.overdue
        of["all"] += 1
    names = dict(settings.LANGUAGES)
    return [
        {
            "language": code,
            "name": names[code],
            "derived": code in FOLLOWERS,
            "states": [(state, of[state.value]) for state in State],
            "segments": of["segments"],
            "overdue": of["overdue"],
            "share": round(100 * of[State.DONE.value] / of["all"]) if of["all"] else 0,
        }
        for code, of in counts.items()
    ]


@dataclass(frozen=True)
class Filters:
    """What of the list is shown; empty values show everything."""

    state: str = ""
    words: str = ""
    #: Primary key of a translator, `me` stands resolved; `none` for nobody.
    assignee: str = ""
    overdue: bool = False
    key: UUID | None = None

    def admits(self, entry: Entry) -> bool:
        """Whether an entry is shown."""
        if self.state and entry.state.value != self.state:
            return False
        if self.words and self.words.casefold() not in f"{entry.title} {entry.agency}".casefold():
            return False
        if self.assignee == "none" and entry.assignee is not None:
            return False
        if self.assignee not in {"", "none"} and str(getattr(entry.assignee, "pk", "")) != (
            self.assignee
        ):
            return False
        if self.overdue and not entry.overdue:
            return False
        return self.key is None or entry.key == self.key
