"""The papers of a session: everything the council has to speak of, in every language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from accounts.models import Agency
from registry import agenda, control, deciding, dossier, responsibility
from registry.models import AgendaItem, ControlTask, PlanLine, Session
from registry.monitoring import closing
from service_pages.models import Service
from tests.core.pdf_ua import accessible
from tests.registry.test_generated import LAST, prepare

pytestmark = pytest.mark.django_db
TEXT = {"uz": "Qonunni oʻzgartirish", "ru": "Изменить закон", "kaa": "Nızamdı ózgertiw",
        "en": "Amend the law"}  # fmt: skip


@pytest.fixture
def session(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session after three bad months, with a late line and a late task."""
    monkeypatch.setattr("demo.generating_requests.LATENESS", (0.5,) * 4)
    prepare(200, days=80)
    with time_machine.travel(
        timezone.make_aware(timezone.datetime(2026, 10, 1, 9)),  # type: ignore[attr-defined]
        tick=False,
    ):
        closing.close_days(settled=True)
        service = Service.objects.get(key="xizmat-0")
        earlier = Session.objects.create(number="2026/1", held_on=date(2026, 2, 2))
        item = deciding.put_on_agenda(earlier, "include", service, change={"phase": 3, "planned_on":
                                                                           date(2026, 6, 1)})  # fmt: skip
        deciding.decide(earlier, number="1", text=TEXT, adopted=[item])
        assert PlanLine.objects.late(LAST).count() == 1
        control.ensure(
            [{"key": "kech", "kind": "clause", "text": TEXT, "post": TEXT,
              "due_on": str(LAST - timedelta(days=30)), "act": "12-son", "document": "",
              "clause": "2"}], {}
        )  # fmt: skip
        made = Session.objects.create(number="2026/2", held_on=date(2026, 10, 9))
        agenda.fill(made)
        yield made


def test_the_pdf_has_what_waits_and_what_is_late(session: Session) -> None:
    assert {"overdue", "finding"} <= set(session.items.values_list("kind", flat=True))
    for language in ("uz", "uz-cyrl", "kaa", "ru", "en"):
        with translation.override(language):
            text = accessible(dossier.pdf(session, language), language, "dossier")
        assert text.count("R-xizmat-0") >= 2 and "2026/2" in text
        assert TEXT.get(language, "Қонунни ўзгартириш") in text
        assert "2026-06-01" not in text  # days as people write them


def test_the_papers_of_a_session_that_is_over_say_what_was_late_then(session: Session) -> None:
    session = deciding.close(session)
    # Long afterwards the line has started, its day has moved and the task is done.
    line = PlanLine.objects.get()
    with time_machine.travel(date(2027, 3, 1), tick=False):
        task = ControlTask.objects.get(key="kech")
        task.state, task.closed_at = ControlTask.State.CONFIRMED, timezone.now()
        task.save()
        later = Session.objects.create(number="2027/1", held_on=date(2026, 12, 1))
        moved = deciding.put_on_agenda(
            later, "reschedule", line.service, text=TEXT, change={"planned_on": date(2027, 2, 1)}
        )
        deciding.decide(later, number="3", text=TEXT, adopted=[moved])
        later = deciding.close(later)
        PlanLine.objects.update(launched_on=date(2027, 2, 1))
        with translation.override("uz"):
            then = dossier.facts(session, "uz")["parts"]
            before = dossier.facts(Session.objects.get(number="2026/1"), "uz")["parts"]
            after = dossier.facts(later, "uz")["parts"]
    lines, tasks = then
    assert [row[2].replace("\u00a0", " ") for row in lines["rows"]] == ["2026-yil 1-iyun"]
    assert [row[1] for row in tasks["rows"]] == [TEXT["uz"]]
    assert "9-oktabr" in lines["title"] and "9-oktabr" in tasks["title"]
    # What its own session moves was late until then.
    assert [row[2].replace("\u00a0", " ") for row in after[0]["rows"]] == ["2026-yil 1-iyun"]
    # Nothing was planned before the first session; it is not closed and speaks of today.
    assert before == []


def test_a_finding_stands_on_the_page_of_its_agency(session: Session) -> None:
    finding = session.items.filter(kind=AgendaItem.Kind.FINDING).first()
    assert finding is not None and finding.agency is not None
    own, other = finding.agency, Agency.objects.get(key="vk")

    def told(agency: Agency, *, exact: bool) -> list[Any]:
        return list(responsibility.page_of(agency, "uz", exact=exact)["findings"])

    assert [row["row"] for row in told(own, exact=True)] == [finding]
    # The public reads it once the council has spoken of it.
    assert told(own, exact=False) == [] and told(other, exact=True) == []
    deciding.decide(session, number="2", text=TEXT, adopted=[finding])
    assert [row["row"] for row in told(own, exact=False)] == [finding]
