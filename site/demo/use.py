"""How the portal was used on the days of generated requests: searches, answers, presses of readers.

What stands in the tables that count such things in a running portal; nothing of who it was. Each
request that came by the portal brings its searches, its pages and now and then a press; the same days
and requests always give the same.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import date, timedelta

from django.utils import timezone

from casework.models import ServiceRequest
from demo.reading import items
from forms.models import Source
from home.models.feedback import PageComment, PageVote
from languages.uzbek import fold
from operations.models import DailyServing, DailyUptime
from operations.serving import STEPS_MS
from search.models import QueryCount
from service_pages.models import CatalogueEntry, ServicePage

#: Answers of the server that one request brings: pages, steps of the form, looks at its state.
_ANSWERS = (18, 70)
#: In milliseconds: most answers take about as long.
_USUAL_MS, _SPREAD = 45.0, 0.8
#: One answer in so many fails; one day in so many the portal is away for some minutes.
_FAILS, _AWAY = 2_500, 45
_MINUTES = 24 * 60
#: Words of a title that people type.
_WORDS = 3


def load_use(first: date, last: date) -> None:
    """Write the days from the first to the last one, once."""
    if DailyUptime.objects.exists():
        return
    chance = random.Random(f"use-{first}-{last}")  # noqa: S311 - not a secret
    came: dict[date, list[tuple[int, str]]] = defaultdict(list)
    rows = ServiceRequest.objects.filter(source=Source.PORTAL, submitted_at__date__gte=first)
    for at, service, language in rows.order_by("submitted_at", "pk").values_list(
        "submitted_at", "service_id", "language"
    ):
        came[timezone.localdate(at)].append((service, language))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    _searches(came, days, chance)
    _served(came, days, chance)
    _pressed(came, days, chance)
    _written()


def _searches(
    came: dict[date, list[tuple[int, str]]], days: list[date], chance: random.Random
) -> None:
    """Searches by the first words of a title; beside them what people look for in vain."""
    titles = {
        (service, language): title
        for service, language, title in CatalogueEntry.objects.values_list(
            "service_id", "language", "title"
        )
    }
    folded = {key: fold(title) for key, title in titles.items()}
    vain = items("searches")
    found: Counter[tuple[date, str, str]] = Counter()
    for day in days:
        for service, language in came[day]:
            if title := titles.get((service, language)):
                found[day, language, " ".join(title.split()[:_WORDS])] += chance.choice((1, 1, 2))
            if chance.random() < 0.06:
                record = chance.choice(vain)
                found[day, record["language"], record["text"]] += 1
    counts: dict[tuple[str, str], int] = {}
    for _day, language, text in found:
        if (language, text) not in counts:
            key = fold(text)
            counts[language, text] = sum(
                key in title for (_service, of), title in folded.items() if of == language
            )
    # Spellings that fold alike are one query of the day.
    merged: dict[tuple[date, str, str], QueryCount] = {}
    for (day, language, text), number in found.items():
        row = merged.setdefault(
            (day, language, fold(text)),
            QueryCount(day=day, language=language, key=fold(text), text=text,
                       results=counts[language, text]),
        )  # fmt: skip
        row.searches += number
    QueryCount.objects.bulk_create(merged.values(), batch_size=500)


def _served(
    came: dict[date, list[tuple[int, str]]], days: list[date], chance: random.Random
) -> None:
    serving, uptime = [], []
    for day in days:
        answers: Counter[int] = Counter()
        # Readers who only look.
        for _visit in range(len(came[day]) + chance.randrange(3, 9)):
            for _answer in range(chance.randrange(*_ANSWERS)):
                took = chance.lognormvariate(0, _SPREAD) * _USUAL_MS
                answers[STEPS_MS[min(bisect_left(STEPS_MS, took), len(STEPS_MS) - 1)]] += 1
        serving += [
            DailyServing(
                day=day, under_ms=step, answers=number,
                failures=sum(chance.randrange(_FAILS) == 0 for _answer in range(number)),
            )
            for step, number in sorted(answers.items())
        ]  # fmt: skip
        away = chance.randrange(4, 60) if chance.randrange(_AWAY) == 0 else 0
        uptime.append(DailyUptime(day=day, last_minute=_MINUTES - 1, minutes_up=_MINUTES - away))
    now = timezone.localtime()
    if now.date() not in days:
        # Today counts from the moment on at which the demonstration begins.
        uptime.append(DailyUptime(day=now.date(), first_minute=now.hour * 60 + now.minute))
    DailyServing.objects.bulk_create(serving, batch_size=500)
    DailyUptime.objects.bulk_create(uptime, batch_size=500)


def _pressed(
    came: dict[date, list[tuple[int, str]]], days: list[date], chance: random.Random
) -> None:
    """One reader in seven says whether the page was useful; some pages please less."""
    pages = dict(
        ServicePage.objects.filter(live=True, locale__language_code="uz").values_list(
            "service_id", "translation_key"
        )
    )
    votes: dict[tuple[date, object, str], PageVote] = {}
    for day in days:
        for service, language in came[day]:
            page = pages.get(service)
            if page is None or chance.random() > 1 / 7:
                continue
            row = votes.setdefault(
                (day, page, language), PageVote(page_key=page, language=language, day=day)
            )
            if chance.random() < (0.45 if service % 9 == 0 else 0.85):
                row.yes += 1
            else:
                row.no += 1
    PageVote.objects.bulk_create(votes.values(), batch_size=500)


def _written() -> None:
    """What readers wrote; some of it waits for an answer."""
    pages = dict(
        ServicePage.objects.filter(locale__language_code="uz").values_list(
            "service__key", "translation_key"
        )
    )
    today = timezone.localdate()
    rows = []
    for record in items("comments"):
        day = today - timedelta(days=record["days_ago"])
        handled = day + timedelta(days=2)
        rows.append(
            PageComment(
                page_key=pages[record["service"]], language=record["language"], day=day,
                theme=record["theme"], text=record["text"],
                state=PageComment.State.ACCEPTED if record.get("done") else PageComment.State.NEW,
                answered_on=handled if record.get("done") == "answered" else None,
                corrected_on=handled if record.get("done") == "corrected" else None,
            )
        )  # fmt: skip
    PageComment.objects.bulk_create(rows)
