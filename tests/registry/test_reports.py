"""A council year, from a proposal to the signed report; every figure recounted from raw events."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from openpyxl import load_workbook

from accounts.models import Agency, Role, User
from operations.outbox import deliver_due
from registry import deciding, planning, proposing, publishing
from registry.models import PlanLine, Report, ReportEvent, Session
from registry.monitoring import closing, periods
from registry.reports import files, reminding, working
from registry.reports.working import CannotReport
from service_pages.models import Service
from tests.casework.support import signed_in, staff
from tests.core.pdf_ua import accessible, elements
from tests.registry import recount, year
from tests.registry.recount import by_agency, by_value
from tests.registry.test_generated import prepare

pytestmark = pytest.mark.django_db
TEXT = {"uz": "Shu yil koʻp ish qilindi: ǵ, ń, ʻ, ʼ.", "ru": "Сделано много.", "en": "Much was done.",
        "kaa": "Kóp jumıs islendi: ǵ ń ı."}  # fmt: skip
#: Letters of each language that a font may lack.
LETTERS = {"uz": "ʻʼ", "uz-cyrl": "ўқғҳ", "kaa": "ǵńıúóá", "ru": "щыёэ", "en": "wq"}
NOVEMBER = timezone.make_aware(datetime(2026, 11, 5, 10))


def at(month: int, day: int) -> Any:
    return time_machine.travel(timezone.make_aware(datetime(2026, month, day, 10)), tick=False)


@pytest.fixture
def people(db: None) -> dict[str, User]:
    with at(1, 2):
        prepare(2000)
        year.fill()
        agency = Agency.objects.get(key="adliya")
        return {
            "writer": staff(None, Role.CONTROLLER, name="writer"),
            "checker": staff(None, Role.CONTROLLER, name="checker"),
            "head": staff(agency, Role.HEAD, name="head"),
            "editor": staff(agency, Role.EDITOR, name="editor"),
            "signer": User.objects.create_superuser("demo.signer@example.org"),
        }


def council(people: dict[str, User]) -> None:
    """The council takes a service on; it starts in time."""
    service = Service.objects.get(key="xizmat-0")
    Service.objects.filter(pk=service.pk).update(phase=1, status="proposed")
    with at(2, 2):
        proposal = proposing.propose(
            service, "advance", change={"phase": 3, "planned_on": date(2026, 6, 1)},
            reason={"uz": "Tayyor"}, by=people["editor"],
        )  # fmt: skip
        proposing.take(proposal, "submit", by=people["editor"])
        proposing.take(proposal, "check", by=people["checker"])
        proposing.take(proposal, "sign", by=people["head"])
        session = Session.objects.create(number="2026/1", held_on=date(2026, 2, 2))
        proposing.put_on_agenda(session)
        deciding.decide(session, number="1", text=TEXT, adopted=list(session.items.all()))
        publishing.publish()
    with at(5, 20):
        planning.launch(PlanLine.objects.get(), by=people["head"])
    with at(10, 1):  # waits for the next session: the report's annex
        other = proposing.propose(
            Service.objects.get(key="xizmat-1"), "include",
            change={"phase": 3, "planned_on": date(2027, 3, 1)}, reason={"uz": "Kerak"},
            by=staff(Agency.objects.get(key="soliq"), Role.EDITOR, name="editor"),
        )  # fmt: skip
        other.state = "signed"
        other.save()


@pytest.fixture
def report(people: dict[str, User]) -> Report:
    council(people)
    with time_machine.travel(NOVEMBER, tick=False):
        closing.close_days(settled=True)
        return working.begin(2026, people["writer"])


def test_a_year_from_proposal_to_signed_report(
    report: Report, people: dict[str, User], settings: Any
) -> None:
    first, last = date(2025, 11, 1), date(2026, 10, 31)
    assert (report.first_day, report.last_day) == (first, last)
    # Every figure, recounted from the events by other code.
    counted = recount.recount(first, last)
    keys = dict(Agency.objects.values_list("key", "pk"))
    formless = {"started", "sent", "fill_seconds", "income_tiyin", "returned_tiyin", "invoices"}

    def plain(counts: dict[str, int], *, without: set[str] = formless) -> dict[str, int]:
        return {n: c for n, c in counts.items() if c and n not in without}

    mine = {keys[row["key"]]: plain(row["counts"]) for row in report.figures["agencies"]}
    assert {pk: counts for pk, counts in mine.items() if counts} == by_agency(counted)
    for cut, place in (
        ("service", 1),
        ("district", 2),
        ("channel", 3),
        ("applicant", 4),
        ("kind", 5),
    ):
        # Money and forms have no events of requests: they are in the total below.
        found = {v: plain(c) for v, c in report.figures["cuts"][cut].items()}
        assert {v: c for v, c in found.items() if c} == by_value(counted, place), cut
    spent = recount.money(first, last) + recount.forms(first, last)
    assert spent["income_tiyin"] and spent["returned_tiyin"] and spent["sent"]
    assert report.figures["total"] == recount.summed(counted) | dict(spent) | {
        "invoices": report.figures["total"]["invoices"]  # entries of the kind `paid`: below
    }
    assert report.figures["total"]["invoices"] == 1
    assert recount.summed(counted)["received"] > 900
    assert report.figures["house"] == dict(recount.house(first, last))
    assert report.figures["plan"] == recount.plan(first, last) == {"plan_due": 1, "plan_kept": 1}
    services, kinds = recount.registry(last)
    assert report.figures["registry"] == {n: c for n, c in services.items() if c}
    assert report.figures["registry_kinds"] == kinds and services["registry"] == 3
    assert report.figures["registry_moves"] == {
        "versions": 2, "added": 3, "changed": 1, "removed": 0
    }  # fmt: skip
    assert report.figures["feedback"] == recount.feedback(first, last)
    # Closed in the year, or open at its end: not what was closed before it began.
    acts = [(row["act"]["uz"], row["state"]) for row in report.figures["law"]]
    assert acts == [("2-son", "confirmed"), ("3-son", "confirmed"), ("4-son", "confirmed"),
                    ("5-son", "open"), ("ochiq", "open")]  # fmt: skip
    months = {row["month"]: row for row in report.figures["months"]}
    assert len(months) == 12
    for month in months.values():
        span = periods.read(month["month"])
        assert span is not None
        flows = recount.summed(recount.recount(span.first, span.last))
        assert {name: flows.get(name, 0) for name in ("received", "decided", "late")} == {
            name: month[name] for name in ("received", "decided", "late")
        }
    used = {name.removeprefix("ground:") for name in report.figures["total"] if "ground:" in name}
    assert used and set(report.figures["grounds"]) <= used
    assert [row["number"] for row in report.figures["proposals"]] == ["R-xizmat-1"]
    assert report.figures["late"] == []

    with time_machine.travel(NOVEMBER, tick=False):
        _steps(report, people)
    # What comes afterwards changes nothing.
    Agency.objects.filter(key="adliya").update(name={"uz": "Boshqa nom"})
    report.refresh_from_db()
    assert working.is_whole(report)
    report.figures["total"]["received"] += 1
    assert not working.is_whole(report)


def _steps(report: Report, people: dict[str, User]) -> None:
    working.comment(report, "volumes", TEXT, people["writer"])
    with pytest.raises(CannotReport):
        working.comment(report, "gossip", TEXT, people["writer"])
    with pytest.raises(CannotReport):  # four eyes
        working.check(report, people["writer"])
    for name in ("head", "editor"):
        with pytest.raises(CannotReport):
            working.check(report, people[name])
    working.check(report, people["checker"])
    with pytest.raises(CannotReport):  # no more a draft
        working.comment(report, "volumes", TEXT, people["writer"])
    with pytest.raises(CannotReport):
        working.send_back(report, people["checker"], " ")
    working.send_back(report, people["checker"], "Izoh yetishmaydi")
    working.check(report, people["checker"])
    for name in ("writer", "checker", "head"):
        with pytest.raises(CannotReport):
            working.sign(report, people[name])
    people["checker"].is_superuser = True  # who may sign, but has checked
    with pytest.raises(CannotReport, match="boshqa kishi imzolaydi"):
        working.sign(report, people["checker"])
    people["checker"].is_superuser = False
    working.sign(report, people["signer"])
    for step in (working.freeze, working.check, working.sign):
        with pytest.raises(CannotReport):
            step(report, people["writer"])
    assert Report.objects.get().hash
    working.send(report, people["writer"])
    kinds = list(ReportEvent.objects.values_list("kind", flat=True))
    assert kinds == ["created", "frozen", "commented", "check", "return", "check", "sign", "send"]


def test_the_pdf_is_tagged_and_says_what_is_frozen(report: Report, people: dict[str, User]) -> None:
    working.comment(report, "volumes", TEXT, people["writer"])
    report.refresh_from_db()
    for language in LETTERS:
        _files_of(report, language)


def _files_of(report: Report, language: str) -> None:
    with translation.override(language):
        data = files.to_pdf(report, language)
    text = accessible(data, language, "report")
    assert "2026" in text and "R-xizmat-1" in text
    assert set(LETTERS[language]) <= set(text)
    # Two charts, each with words for whoever does not see it, and tables that say the same.
    figures = [str(node["/Alt"]) for tag, node in elements(data) if tag == "Figure"]
    assert len(figures) == 2 and all(len(alt) > 40 for alt in figures)
    assert sum(tag == "Table" for tag, _node in elements(data)) > 15
    with translation.override(language):
        book = load_workbook(io.BytesIO(files.to_xlsx(report, language)))
    assert len(book.sheetnames) == len(working.SECTIONS)
    assert json.loads(files.to_json(report, language))["figures"] == report.figures


def test_last_year_is_compared_with(report: Report, people: dict[str, User]) -> None:
    Report.objects.create(
        year=2025, first_day=date(2024, 11, 1), last_day=date(2025, 10, 31), state="signed",
        hash="0" * 64, figures=report.figures | {"total": {"received": 77777}},
    )  # fmt: skip
    page = signed_in(people["writer"]).get(f"/admin/registry/reports/{report.pk}/")
    assert page.status_code == 200 and "77\xa0777" in page.content.decode()


def test_who_opens_reports(report: Report, people: dict[str, User]) -> None:
    base = f"/admin/registry/reports/{report.pk}/"
    for path in ("/admin/registry/reports/", base, base + "report.json", base + "?section=law"):
        for name in ("writer", "checker", "signer"):
            assert signed_in(people[name]).get(path).status_code == 200, (path, name)
        for name in ("head", "editor"):
            assert signed_in(people[name]).get(path).status_code in {302, 403}, (path, name)
    client = signed_in(people["writer"])
    assert client.get(base + "report.exe").status_code == 404
    answer = client.post(base, {"step": "comment", "section": "law", "text_uz": "Qonun"})
    assert answer.status_code == 302
    report.refresh_from_db()
    assert report.comments["law"]["uz-cyrl"] == "Қонун"
    assert client.post(base, {"step": "check"}).status_code == 409
    assert client.post(base, {"step": "explode"}).status_code == 409
    assert client.post("/admin/registry/reports/").status_code in {302, 400}


def test_the_public_edition_is_what_was_signed_without_small_numbers(
    report: Report, people: dict[str, User]
) -> None:
    working.comment(report, "volumes", TEXT, people["writer"])
    client = Client()
    paths = ["", *(f"report.{ending}" for ending in files.PUBLIC)]
    for path in paths:  # a draft is nobody's
        assert client.get(f"/uz/quality/reports/2026/{path}").status_code == 404
    working.check(report, people["checker"])
    working.sign(report, people["signer"])
    report.refresh_from_db()
    # What it must not tell is signed with it, so that all copies say the same for ever.
    assert set(report.figures["withheld"]) == {"agencies", "values", "whole", "months"}
    assert working.is_whole(report)
    assert "2026" in client.get("/ru/quality/reports/").content.decode()
    assert client.get("/uz/quality/reports/2026/report.exe").status_code == 404
    small = {
        str(number)
        for cut in report.figures["cuts"].values()
        for counts in cut.values()
        for name, number in counts.items()
        if name in {"received", "decided", "open", "overdue"} and 0 < number < 5
    }
    assert small  # there is something to be hidden
    for language in LETTERS:
        base = f"/{language}/quality/reports/2026/"
        page = client.get(base).content.decode()
        assert report.hash in page and page.count("<table") > 12 and page.count("<svg") >= 2
        assert TEXT.get(language, "Шу йил")[:7] in page
        pdf = client.get(base + "report.pdf")
        assert f"report-2026-{language}.pdf" in pdf["Content-Disposition"]
        assert "SHA-256" in accessible(pdf.content, language, "public")
        told = json.loads(client.get(base + "report.json").content)
        volumes = next(part for part in told["sections"] if part["key"] == "volumes")
        for table in volumes["tables"]:
            for row in table["rows"]:
                for cell in row[1:3]:
                    plain = cell.replace("\xa0", "")
                    assert plain.startswith("<") or not plain.isdigit() or int(plain) % 5 == 0, row
        book = load_workbook(io.BytesIO(client.get(base + "report.xlsx").content))
        assert len(book.sheetnames) == len(working.SECTIONS)
    member = signed_in(staff(None, Role.COUNCIL, name="member"))
    assert member.get(f"/admin/registry/reports/{report.pk}/").status_code == 200


def test_people_are_told_before_the_first_of_december(people: dict[str, User]) -> None:
    assert reminding.remind(date(2026, 10, 1)) == 0
    assert reminding.remind(date(2026, 11, 1)) == 2
    assert reminding.remind(date(2026, 11, 3)) == 0  # the same stage
    assert reminding.remind(date(2026, 11, 24)) == 2
    assert reminding.remind(date(2026, 12, 3)) == 2
    mail.outbox.clear()
    deliver_due()
    assert len(mail.outbox) == 6
    Report.objects.create(
        year=2026, first_day=date(2025, 11, 1), last_day=date(2026, 10, 31), state="sent",
        hash="0" * 64,
    )  # fmt: skip
    assert reminding.remind(date(2026, 12, 20)) == 0


def test_a_year_that_is_not_over_has_no_report(people: dict[str, User]) -> None:
    with at(6, 1):
        closing.close_days(settled=True)
        with pytest.raises(CannotReport):
            working.begin(2026, people["writer"])
        assert not Report.objects.exists()


def test_nobody_signs_what_not_everybody_can_read(report: Report, people: dict[str, User]) -> None:
    working.comment(report, "law", {"uz": "Qonun", "ru": "Закон"}, people["writer"])
    with pytest.raises(CannotReport) as refused:
        working.check(report, people["checker"])
    assert "10 (Qaraqalpaqsha, English)" in str(refused.value)
    working.comment(report, "law", TEXT, people["writer"])
    working.check(report, people["checker"])


def test_what_was_signed_wrongly_is_corrected_by_another_edition(
    report: Report, people: dict[str, User]
) -> None:
    working.comment(report, "volumes", TEXT, people["writer"])
    with pytest.raises(CannotReport):  # not signed yet
        working.correct(report, people["writer"], "Xato")
    working.check(report, people["checker"])
    working.sign(report, people["signer"])
    report.refresh_from_db()
    told = report.hash
    for by, note in (("writer", "  "), ("head", "Xato")):
        with pytest.raises(CannotReport):
            working.correct(report, people[by], note)
    desk = signed_in(people["writer"])
    address = f"/admin/registry/reports/{report.pk}/"
    answer = desk.post(address, {"step": "correct", "note": "Ikki tuman almashgan"})
    second = Report.objects.get(edition=2)
    assert answer["Location"].endswith(f"/reports/{second.pk}/")
    assert (second.state, second.comments) == ("draft", report.comments)
    with pytest.raises(CannotReport):  # one at a time
        working.correct(report, people["writer"], "Yana")
    with pytest.raises(CannotReport):  # nobody begins the year anew
        working.begin(2026, people["writer"])
    client = Client()
    base = "/ru/quality/reports/2026/"
    assert told in client.get(base).content.decode()  # a draft takes nobody's place
    working.comment(second, "law", TEXT, people["writer"])
    working.check(second, people["checker"])
    working.sign(second, people["signer"])
    second.refresh_from_db()
    newest, former = (client.get(base + query).content.decode() for query in ("", "?edition=1"))
    assert second.hash in newest and "исправленная редакция" in newest
    assert told in former and "действует исправленная" in former
    assert client.get(base + "?edition=3").status_code == 404
    name = client.get(base + "report.json")["Content-Disposition"]
    assert "report-2026-2-ru.json" in name
    assert json.loads(client.get(base + "report.json?edition=1").content)["hash"] == told
    # What was signed first is as it was, and both are whole.
    report.refresh_from_db()
    assert report.hash == told and working.is_whole(report) and working.is_whole(second)
    # The next year compares with the corrected one.
    later = Report(year=2027)
    assert files.last_year(later) == second
