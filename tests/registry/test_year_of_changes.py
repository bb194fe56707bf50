"""Hostile cases of a council's year: what must not happen, and what must still be right after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Membership, User
from registry import alerts, deciding, planning, proposing, publishing, succession
from registry.models import PlanLine, PlanMove, RegistryLine, Session
from registry.monitoring import closing, periods, reading
from registry.reports import freezing
from service_pages.models import Service
from tests.registry.test_planning import SOON, TEXT, people, person, service, walk
from tests.service_pages.factories import make_agency, make_service

__all__ = ["people", "service"]
pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def session() -> Session:
    return Session.objects.create(number="2026/1", held_on="2026-03-02")


def scheduled(service: Service, session: Session, day: date = SOON, number: str = "1") -> PlanLine:
    """A line of the plan."""
    item = deciding.put_on_agenda(
        session, "advance", service, change={"phase": 3, "planned_on": day}, text={"uz": "Tayyor"}
    )
    deciding.decide(session, number=number, text=TEXT, adopted=[item])
    return PlanLine.objects.open().get(service=service)


def test_an_administrator_does_not_make_a_service_interactive_without_the_council(
    service: Service, session: Session, settings: Any
) -> None:
    settings.REGISTRY_NEEDS_DECISION = True
    service.phase, service.status = 3, "live"
    with pytest.raises(ValidationError):
        service.full_clean()
    # Information needs no decision, and what is tried out is called so.
    service.status = "test"
    service.full_clean()
    service.save()
    publishing.publish()
    page = Client().get("/ru/registry/").content.decode()
    assert "тестовый режим" in page.lower() or "тест" in page.lower()
    deciding.decide(
        session, number="1", text=TEXT,
        adopted=[deciding.put_on_agenda(session, "include", service, change={"status": "live"})],
    )  # fmt: skip
    service.refresh_from_db()
    service.full_clean()
    settings.REGISTRY_NEEDS_DECISION = False
    other = Service.objects.get(key="begona-xizmat") if Service.objects.count() > 1 else service
    other.phase, other.status = 4, "live"
    other.full_clean()


def test_a_day_does_not_move_without_a_reason(service: Service, session: Session) -> None:
    line = scheduled(service, session)
    later = SOON + timedelta(days=30)
    silent = deciding.put_on_agenda(session, "reschedule", service, change={"planned_on": later})
    with pytest.raises(deciding.CannotDecide):
        deciding.decide(session, number="2", text=TEXT, adopted=[silent])
    line.refresh_from_db()
    assert line.planned_on == SOON and not PlanMove.objects.exists()
    assert session.decisions.count() == 1  # nothing of it is left
    # The same day again is no move, and needs no reason.
    same = deciding.put_on_agenda(session, "reschedule", service, change={"planned_on": SOON})
    deciding.decide(session, number="2", text=TEXT, adopted=[same])
    assert not PlanMove.objects.exists()


def test_two_moves_in_a_session_are_both_kept_in_their_order(
    service: Service, session: Session, people: dict[str, User]
) -> None:
    scheduled(service, session)
    second = Session.objects.create(number="2026/2", held_on="2026-04-02")
    for days, why in ((40, "Birinchi sabab"), (80, "Ikkinchi sabab")):
        moved = proposing.propose(
            service, "reschedule", change={"planned_on": SOON + timedelta(days=days)}, reason={"uz": why},
            by=people["editor"],
        )  # fmt: skip
        walk(moved, people)
    assert proposing.put_on_agenda(second) == 2
    first, last = second.items.order_by("order")
    deciding.decide(second, number="2", text=TEXT, adopted=[first, last])
    trail = list(PlanMove.objects.values_list("moved_from", "moved_to", "reason__uz"))
    assert trail == [
        (SOON, SOON + timedelta(days=40), "Birinchi sabab"),
        (SOON + timedelta(days=40), SOON + timedelta(days=80), "Ikkinchi sabab"),
    ]
    line = PlanLine.objects.get()
    assert (line.planned_on, line.first_planned_on) == (SOON + timedelta(days=80), SOON)
    # One decision, applied once: neither it nor its items can be decided again.
    for number in ("2", "3"):
        with pytest.raises(deciding.CannotDecide):
            deciding.decide(second, number=number, text=TEXT, adopted=[first])
    assert PlanMove.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_letters_go_to_whoever_holds_the_post_on_the_day(
    service: Service, session: Session
) -> None:
    day = date(2027, 3, 10)
    scheduled(service, session, day)
    former = person("former", "head", service)
    person("controller", "controller")

    def told(on: date) -> set[str]:
        mail.outbox.clear()
        alerts.tell(on)
        return {message.to[0].partition("@")[0] for message in mail.outbox}

    assert told(day - timedelta(days=30)) == {"former"}
    Membership.objects.filter(user=former).delete()
    person("successor", "head", service)
    # Who came after that letter went out is told, too, and once.
    assert told(day - timedelta(days=20)) == {"successor"}
    assert told(day - timedelta(days=19)) == set()
    assert told(day + timedelta(days=1)) == {"successor", "controller"}


def test_an_agency_that_is_renamed_twice_keeps_each_name_with_its_days() -> None:
    service = make_service("bir-xizmat")
    agency = service.agency
    publishing.publish()
    old = agency.label("uz")
    for name, on in (("Ikkinchi idora", date(2025, 3, 1)), ("Uchinchi idora", date(2026, 4, 2))):
        succession.rename(Agency.objects.get(pk=agency.pk), {"uz": name}, on=on, act=f"{on}-son")
    names = [
        (row.name["uz"], row.used_from, row.used_to) for row in agency.former_names.order_by("pk")
    ]
    assert names == [
        (old, None, date(2025, 2, 28)),
        ("Ikkinchi idora", date(2025, 3, 1), date(2026, 4, 1)),
    ]
    with pytest.raises(succession.CannotChange):
        succession.rename(
            Agency.objects.get(pk=agency.pk), {"uz": "X"}, on=date(2026, 4, 2), act=""
        )
    # Each name made a version of the registry, and the latest stands in it.
    assert publishing.newest().number == 3 and publishing.verify() == []
    current = RegistryLine.objects.current().get(service=service)
    assert current.content["agency"]["name"]["uz"] == "Uchinchi idora"
    page = Client().get(f"/uz/registry/agencies/{agency.key}/").content.decode()
    assert "Ikkinchi idora" in page and old in page and "Uchinchi idora" in page


def test_a_merger_in_the_middle_of_a_year_leaves_the_years_figures_whole(db: None) -> None:
    from tests.registry.played import play
    from tests.registry.test_figures import close

    played = play()
    close(1, 3)
    heir = make_agency("voris-idora").agency
    before = reading.agencies_of(periods.year(2026))
    succession.merge(played.agency, heir, on=date(2026, 3, 1), act="PF-1")
    year = periods.year(2026)
    after = reading.agencies_of(year)
    assert played.agency.pk not in after
    assert after[heir.pk]["received"] == before[played.agency.pk]["received"]
    # The report names the heir alone, with what both did; the sum of all is as it was.
    close(2, 3)
    frozen = freezing.figures(year, closing.last_run().number)
    rows = {row["key"]: row["counts"] for row in frozen["agencies"]}
    assert played.agency.key not in rows
    assert rows["voris-idora"]["received"] == 5
    assert frozen["total"]["received"] == 6
    # The former agency's figures stand on the heir's page, and nowhere beside it.
    for key in (played.agency.key, "voris-idora"):
        answer = Client().get("/uz/quality/", {"agency": key, "period": "2026"})
        assert answer.status_code == 200 and answer.context["asked"].agency == heir


def test_the_public_asks_for_whole_periods_alone(db: None) -> None:
    from tests.registry.played import play
    from tests.registry.test_figures import close

    play()
    close()
    for asked, shown in (
        ("2026-02-04.2026-02-05", None),
        ("2026-02-01.2026-02-28", "2026-02"),
        ("2026-02", "2026-02"),
        ("2026-q1", "2026-q1"),
    ):
        answer = Client().get("/uz/quality/", {"period": asked})
        period = answer.context["asked"].period
        assert period.is_of_calendar
        assert shown is None or period.key == shown


def test_a_launch_needs_its_line_and_its_passport(service: Service, session: Session) -> None:
    line = scheduled(service, session)
    item = deciding.put_on_agenda(session, "suspend", service, change={"status": "suspended"})
    deciding.decide(session, number="9", text=TEXT, adopted=[item])
    with pytest.raises(planning.CannotLaunch):
        planning.launch(line)
