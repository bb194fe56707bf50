"""Why a planned day moves is told to every reader: in their language, or with a word on which it is."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.models import User
from registry import agenda, deciding, dossier, proposing
from registry.models import PlanMove, Proposal, Session
from registry.monitoring.periods import Period
from registry.reports import freezing
from service_pages.models import Service
from tests.core.pdf_ua import accessible
from tests.registry.test_planning import SOON, TEXT, people, person, service, walk

__all__ = ["people", "service"]
pytestmark = pytest.mark.django_db
LATER = SOON + timedelta(days=90)
WHY = {"uz": "Tizim tayyor emas", "ru": "Система не готова"}


@pytest.fixture
def session(service: Service) -> Session:
    """A session that is to move a day, as an agency has asked for it in two languages."""
    first = Session.objects.create(number="2026/1", held_on="2026-03-02")
    planned = deciding.put_on_agenda(
        first, "advance", service, change={"phase": 3, "planned_on": SOON}
    )
    deciding.decide(first, number="1", text=TEXT, adopted=[planned])
    return Session.objects.create(number="2026/2", held_on=date(2026, 4, 2))


def asked(service: Service, session: Session, people: dict[str, User]) -> Proposal:
    row = proposing.propose(
        service, "reschedule", change={"planned_on": LATER}, reason=WHY, by=people["editor"]
    )
    walk(row, people)
    proposing.put_on_agenda(session)
    return row


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def plan(language: str) -> str:
    return Client().get(f"/{language}/registry/plan/").content.decode()


def test_a_reason_reaches_every_reader(service: Service, session: Session, people: Any) -> None:
    row = asked(service, session, people)
    shown = client_of(people["controller"]).get(f"/admin/registry/proposals/{row.pk}/")
    assert "Система не готова" in shown.content.decode() or "Tizim" in shown.content.decode()
    deciding.decide(session, number="2", text=TEXT, adopted=list(session.items.all()))
    assert PlanMove.objects.get().reason == WHY | {"uz-cyrl": "Тизим тайёр эмас"}
    assert "Система не готова" in plan("ru") and "(Oʻzbekcha)" not in plan("ru")
    assert "Тизим тайёр эмас" in plan("uz-cyrl")
    for language in ("en", "kaa"):  # nobody wrote it in these
        assert '<span lang="uz-Latn">Tizim tayyor emas</span> (Oʻzbekcha)' in plan(language)


def test_whoever_prepares_a_session_puts_it_into_the_languages_that_lack(
    service: Service, session: Session, people: Any
) -> None:
    asked(service, session, people)
    item = session.items.get()
    path, desk = f"/admin/registry/agenda/{item.pk}/", f"/admin/registry/sessions/{session.pk}/"
    keeper = client_of(person("keeper", "controller", None))
    before = keeper.get(desk).content.decode()
    assert path in before and "Qaraqalpaqsha, English" in before
    typed = {f"text_{code.replace('-', '_')}": text for code, text in WHY.items()}
    assert keeper.post(path, {"text_ru": "Без узбекского"}).status_code == 400
    done = keeper.post(path, typed | {"text_en": "Not ready", "text_kaa": "Tayyar emes"})
    assert done.status_code == 302 and done["Location"] == desk
    assert "Qaraqalpaqsha, English" not in keeper.get(desk).content.decode()
    for name in ("editor", "head"):
        assert client_of(people[name]).get(path).status_code in {302, 403}
    deciding.decide(session, number="2", text=TEXT, adopted=[item])
    assert "Not ready" in plan("en") and "Tayyar emes" in plan("kaa")
    # What is decided stays as it was decided.
    late = keeper.post(path, typed | {"text_en": "Otherwise"}, follow=True)
    assert late.status_code == 200
    assert PlanMove.objects.get().reason["en"] == "Not ready" and "Otherwise" not in plan("en")


def test_papers_say_in_which_language_a_reason_is(
    service: Service, session: Session, people: Any
) -> None:
    asked(service, session, people)
    with translation.override("en"):
        made = dossier.pdf(session, "en")
        text = accessible(made, "en", "reason")
    assert "Tizim tayyor emas (Oʻzbekcha)" in text
    pages = PdfReader(io.BytesIO(made)).pages
    marked = b"".join(page.get_contents().get_data() for page in pages)  # type: ignore[union-attr]
    assert b"/Lang (uz)" in marked or b"/Lang(uz)" in marked
    deciding.decide(session, number="2", text=TEXT, adopted=list(session.items.all()))
    today = timezone.localdate()
    frozen = freezing.figures(Period(min(today, LATER), max(today, LATER)), 0)
    assert [line["reasons"] for line in frozen["late"]] == [[WHY | {"uz-cyrl": "Тизим тайёр эмас"}]]
    assert frozen["late"][0]["title"]["uz"] and not agenda.shown(session, "en")[0]["open"]
