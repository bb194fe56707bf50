"""Was this page useful: votes without a trace, comments that the page's editors handle."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Role, User
from casework.models import ServiceRequest
from home import feedback
from home.models import PageComment, PageVote
from operations.models import AuditEntry
from service_pages.models import ServicePage
from tests.casework.support import staff
from tests.service_pages.factories import make_agency, make_service

pytestmark = pytest.mark.django_db
LANGUAGES = ["uz", "uz-cyrl", "kaa", "ru", "en"]


@pytest.fixture
def page() -> ServicePage:
    make_service("bir-xizmat")
    return ServicePage.objects.get(locale__language_code="uz")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@override_settings(RATELIMIT_ENABLE=True)
def test_a_press_is_counted_without_script_or_cookie(page: ServicePage) -> None:
    shown = Client().get(page.url).content.decode()
    assert 'action="/uz/useful/"' in shown and str(page.translation_key) in shown
    strict = Client(enforce_csrf_checks=True)
    for answer in ("yes", "no"):
        pressed = strict.post("/uz/useful/", {"page": page.translation_key, "useful": answer})
        assert pressed.status_code == 303 and not pressed.cookies
    row = PageVote.objects.get()
    assert (row.yes, row.no, row.page_key) == (1, 1, page.translation_key)
    # One address moves the count of a page no further; it is thanked all the same.
    for _n in range(5):
        assert (
            strict.post("/uz/useful/", {"page": page.translation_key, "useful": "no"}).status_code
            == 303
        )
    row.refresh_from_db()
    assert row.yes + row.no == 3


@pytest.mark.parametrize(
    "data", [{}, {"page": "x", "useful": "yes"}, {"useful": "yes"},
             {"page": "00000000-0000-4000-8000-000000000000", "useful": "yes"}],
)  # fmt: skip
def test_what_is_no_page_is_not_counted(page: ServicePage, data: dict[str, str]) -> None:
    assert Client().post("/uz/useful/", data).status_code == 404
    assert Client().get("/uz/useful/").status_code == 405
    assert Client().get("/uz/feedback/", data).status_code == 404
    assert not PageVote.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_few_words_in_each_language(page: ServicePage, language: str) -> None:
    path = f"/{language}/feedback/"
    key = str(page.translation_key)
    assert Client().get(path, {"page": key}).status_code == 200
    wrong = Client().post(path, {"page": key, "text": "Gap", "theme": "gossip"})
    assert wrong.status_code == 400 and "Gap" in wrong.content.decode()
    assert Client().post(path, {"page": key, "text": " ", "theme": "other"}).status_code == 400
    sent = Client().post(path, {"page": key, "text": "Muddat eskirgan", "theme": "outdated"})
    assert sent.status_code == 200
    row = PageComment.objects.get()
    assert (row.text, row.theme, row.state, row.language) == (
        "Muddat eskirgan", "outdated", "new", language,
    )  # fmt: skip
    assert {field.name for field in PageComment._meta.fields}.isdisjoint({"user", "address", "ip"})


@override_settings(RATELIMIT_ENABLE=True)
def test_comments_are_limited_and_who_wrote_is_told(
    page: ServicePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "COMMENTS", "2/h")
    data = {"page": str(page.translation_key), "text": "Gap bor edi", "theme": "other"}
    answers = [Client().post("/uz/feedback/", data) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert PageComment.objects.count() == 2
    # Nothing that was written is lost: it stands in the form again.
    assert "Gap bor edi" in answers[2].content.decode()


#: What somebody sends → what is kept of it.
SENT = {
    "<script>alert(1)</script><b>Yomon</b>": "<script>alert(1)</script><b>Yomon</b>",
    "Telefonim +998 90 123-45-67, JShShIR 30101851234567": "Telefonim ***, JShShIR ***",
    "ali@example.org yoki @ali_nukus; AB 1234567": "*** yoki ***; ***",
    "\u202eтекст\u202c \u200bs\x07oʻz": "текст soʻz",
    "1-qator\r\n\r\n\r\n\r\n2-qator": "1-qator\n\n2-qator",
    "Ўзбекча матн, 12.03.2026 йил": "Ўзбекча матн, 12.03.2026 йил",
}


@pytest.mark.parametrize("text", SENT)
def test_whatever_is_written_is_kept_as_plain_text_of_nobody(page: ServicePage, text: str) -> None:
    data = {"page": str(page.translation_key), "text": text, "theme": "other"}
    thanked = Client().post("/uz/feedback/", data)
    row = PageComment.objects.get()
    assert (thanked.status_code, row.text) == (200, SENT[text])
    editor = client_of(staff(page.service.agency, Role.EDITOR, name="editor"))
    boss = client_of(User.objects.create_superuser("admin@example.org"))
    pages = [
        thanked.content.decode(),
        Client().get(page.url).content.decode(),
        editor.get("/admin/feedback/").content.decode(),
        boss.get(f"/admin/feedback/{page.pk}/").content.decode(),
    ]
    for shown in pages:
        assert "<script>alert" not in shown and "<b>Yomon" not in shown
        for private in ("123-45-67", "30101851234567", "ali@", "@ali_nukus", "1234567", "\u202e"):
            assert private not in shown
    # Whoever wrote is shown what was left out.
    assert ("***" in pages[0]) == ("***" in row.text)
    assert row.text.split("\n")[0].split("<")[0] in pages[2]


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\u202e\u2066", "\x00\x01", "\u0301"])
def test_nothing_is_no_comment(page: ServicePage, text: str) -> None:
    data = {"page": str(page.translation_key), "text": text, "theme": "other"}
    assert Client().post("/uz/feedback/", data).status_code == 400
    assert not PageComment.objects.exists()


def test_too_much_is_said_and_stands_in_the_form(page: ServicePage) -> None:
    long = "Soʻz " * 2_000
    data = {"page": str(page.translation_key), "text": long, "theme": "other"}
    refused = Client().post("/ru/feedback/", data)
    assert refused.status_code == 400 and not PageComment.objects.exists()
    assert long.strip() in refused.content.decode() and "1000" in refused.content.decode()
    # A browser counts a new line as one letter, and sends two.
    lines = "\r\n".join(["a" * 99] * 10)
    assert Client().post("/uz/feedback/", data | {"text": lines}).status_code == 200


def test_what_is_rejected_stays_so_and_the_journal_says_who_did_it(page: ServicePage) -> None:
    row = _commented(page, "Kimdir haqida yomon gap")
    desk, boss = f"/admin/feedback/{page.pk}/", User.objects.create_superuser("a@example.org")
    for step in ("reject", "accept", "answered", "reject", "appeal"):
        answer = client_of(boss).post(desk, {"comment": row.pk, "step": step}, follow=True)
        assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.state, row.text, row.answered_on, row.appeal_number) == ("rejected", "", None, "")
    [entry] = AuditEntry.objects.filter(kind="feedback")
    assert (entry.actor_id, entry.thing, entry.data) == (
        boss.pk, f"comment:{row.pk}", {"step": "reject"},
    )  # fmt: skip
    assert "yomon gap" not in str(AuditEntry.objects.values())


def test_editors_of_the_page_handle_what_was_said(page: ServicePage) -> None:
    rows = [
        PageComment.objects.create(
            page_key=page.translation_key, language="uz", theme="other", text=t
        )
        for t in ("Yaxshi", "Yomon gap")
    ]
    path = f"/admin/feedback/{page.pk}/"
    admin = client_of(User.objects.create_superuser("admin@example.org"))
    assert "Yaxshi" in admin.get(path).content.decode()
    assert path in admin.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    for step in ("accept", "answered", "corrected"):
        assert admin.post(path, {"comment": rows[0].pk, "step": step}).status_code == 302
    admin.post(path, {"comment": rows[1].pk, "step": "reject"})
    for row in rows:
        row.refresh_from_db()
    assert rows[0].state == "accepted" and rows[0].answered_on and rows[0].corrected_on
    assert (rows[1].state, rows[1].text) == ("rejected", "")
    assert "Yomon gap" not in admin.get(path).content.decode()
    assert admin.post(path, {"comment": rows[0].pk, "step": "x"}).status_code == 404
    assert admin.post(path, {"comment": "0", "step": "accept"}).status_code == 404
    stranger = client_of(User.objects.create_user(email="begona@example.org", is_staff=True))
    assert stranger.get(path).status_code in {302, 403}
    assert Client().get(path).status_code == 302


def _commented(page: ServicePage, text: str, theme: str = "broken") -> PageComment:
    return PageComment.objects.create(
        page_key=page.translation_key, language="ru", theme=theme, text=text
    )


def test_a_comment_that_asks_for_an_answer_becomes_an_appeal_once(page: ServicePage) -> None:
    row = _commented(page, "Tugma bosilmayapti, javob bering")
    desk = f"/admin/feedback/{page.pk}/"
    admin = client_of(User.objects.create_superuser("demo.admin@example.org"))
    assert 'value="appeal"' in admin.get(desk).content.decode()
    for _twice in range(2):
        admin.post(desk, {"comment": row.pk, "step": "appeal"})
    row.refresh_from_db()
    asked = ServiceRequest.objects.get()
    assert (asked.number, asked.about_portal, asked.is_anonymous) == (row.appeal_number, True, True)
    assert (asked.kind, asked.language, row.state) == ("complaint", "ru", "accepted")
    assert asked.submission.answers["text"] == row.text
    shown = admin.get(desk).content.decode()
    assert row.appeal_number in shown and 'value="appeal"' not in shown
    # Too short to be an appeal: said, not lost.
    short = _commented(page, "Yoq")
    assert admin.post(desk, {"comment": short.pk, "step": "appeal"}).status_code == 302
    short.refresh_from_db()
    assert not short.appeal_number and ServiceRequest.objects.count() == 1


def test_the_overview_has_ones_own_pages_and_the_controller_all(page: ServicePage) -> None:
    other = make_service("boshqa", agency=make_agency("boshqa-idora"))
    elsewhere = ServicePage.objects.get(service=other, locale__language_code="uz")
    _commented(page, "Birinchi sahifa haqida", "unclear")
    _commented(elsewhere, "Ikkinchi sahifa haqida")
    _commented(page, "", "other").delete()
    PageVote.objects.create(page_key=page.translation_key, language="uz", yes=1, no=7)
    PageVote.objects.create(page_key=elsewhere.translation_key, language="uz", yes=9, no=2)
    address = "/admin/feedback/"
    editor = client_of(staff(page.service.agency, Role.EDITOR, name="editor"))
    own = editor.get(address).content.decode()
    assert "Birinchi" in own and "Ikkinchi" not in own and ">7<" in own
    controller = client_of(staff(None, Role.CONTROLLER, name="controller"))
    whole = controller.get(address).content.decode()
    assert "Birinchi" in whole and "Ikkinchi" in whole
    assert "Ikkinchi" not in controller.get(address, {"theme": "unclear"}).content.decode()
    PageComment.objects.update(answered_on=timezone.localdate())
    assert "Birinchi" not in controller.get(address).content.decode()
    assert "Birinchi" in controller.get(address, {"state": "all"}).content.decode()
    clerk = client_of(staff(page.service.agency, Role.CLERK, name="clerk"))
    assert clerk.get(address).status_code in {302, 403}
    assert editor.get(address, {"theme": "\x00", "state": "'", "page": "x"}).status_code == 200
