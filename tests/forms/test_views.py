"""Filling in a form in a browser without script."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation

from accounts.models import Organization, Representation, User
from accounts.services import give_mandate
from forms import readers, services
from forms.models import Attachment, Draft, FormVersion, Submission
from tests.forms.conftest import Desk
from tests.forms.factories import (
    PDF,
    filled_answers,
    make_citizen,
    make_definition,
    make_service,
    make_version,
    posted,
    question,
    small_form,
    upload_for,
)

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Ids(HTMLParser):
    """Ids, what refers to them, and the labels of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.inputs: dict[str, dict[str, str | None]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.references |= set((found.get(name) or "").split())
        if (found.get("href") or "").startswith("#"):
            self.references.add(str(found["href"])[1:])
        if tag in {"input", "textarea", "select"} and found.get("name"):
            self.inputs[str(found["name"])] = found


def checked(response: Any) -> Ids:
    """Every reference of a page resolves and no id comes twice."""
    page = Ids(response.content.decode())
    assert len(page.ids) == len(set(page.ids))
    assert page.references - {""} <= set(page.ids)
    assert response.headers["Cache-Control"].find("no-store") >= 0
    return page


def version_of(*questions: dict[str, Any], **members: Any) -> FormVersion:
    return make_version(small_form(*questions, **members), make_service("namuna-xizmat"))


def start(client: Client, version: FormVersion, **data: str) -> Draft:
    response = client.post(f"/uz/apply/{version.definition.key}/", {"acting": "", **data})
    assert response.status_code == 303, response.content.decode()
    return Draft.objects.latest("pk")


def url(draft: Draft, step: str = "one") -> str:
    return f"/uz/apply/d/{draft.uuid}/{step}/"


def post(client: Client, draft: Draft, step: str = "one", **data: Any) -> Any:
    draft.refresh_from_db()
    return client.post(url(draft, step), {"_revision": draft.revision, **data})


@pytest.mark.parametrize("key", ["form-kindergarten", "form-invite-foreigner", "form-appeal"])
def test_a_whole_form_from_start_to_receipt(signed_in: Client, desk: Desk, key: str) -> None:
    version = make_definition(key).current
    assert version is not None
    form = version.schema
    page = signed_in.get(f"/uz/apply/{key}/")
    assert page.status_code == 200 and checked(page)
    draft = start(signed_in, version)
    answers = filled_answers(form)
    for step in form.steps:
        draft.refresh_from_db()
        asked = checked(signed_in.get(url(draft, step.key)))
        assert asked.inputs["_revision"]["value"] == str(draft.revision)
        data = posted(form, answers, step.key) | {
            q.key: upload_for(q) for q in step.questions if q.type == "file" and q.key in answers
        }
        # Questions that an answer makes visible come on the second try.
        for _try in range(3):
            response = post(signed_in, draft, step.key, **data)
            if response.status_code == 303:
                break
            assert response.status_code == 200, checked(response)
            checked(response)
            for q in step.questions:
                if q.key in data and q.type == "file":
                    data[q.key] = upload_for(q)
        assert response.status_code == 303
    assert response.headers["Location"] == url(draft, "check")
    checked(signed_in.get(url(draft, "check")))
    response = signed_in.post(url(draft, "check"), {"declared": "on"})
    assert response.status_code == 303
    submission = Submission.objects.get()
    assert response.headers["Location"] == submission.receipt_url
    texts = {k: v for k, v in answers.items() if form.by_key[k].type != "file"}
    assert {k: v for k, v in submission.answers.items() if k in texts} == texts


def test_only_for_those_who_are_signed_in(client: Client, db: None) -> None:
    version = version_of(question("a"))
    response = client.get(f"/uz/apply/{version.definition.key}/")
    assert response.status_code == 302
    with translation.override("uz"):
        login = reverse("account_login")
    assert response.headers["Location"] == f"{login}?next=/uz/apply/form-small/"


def test_a_form_that_is_not_there_or_closed(signed_in: Client) -> None:
    assert signed_in.get("/uz/apply/no-such-form/").status_code == 404
    version = version_of(question("a"))
    version.definition.active = False
    version.definition.save()
    assert signed_in.get("/uz/apply/form-small/").status_code == 404


def test_the_level_is_asked_before_the_first_question(signed_in: Client) -> None:
    version_of(question("a"), identification_level="eds")
    for response in (
        signed_in.get("/uz/apply/form-small/"),
        signed_in.post("/uz/apply/form-small/"),
    ):
        assert response.status_code == 403
        checked(response)
    assert not Draft.objects.exists()


def test_on_whose_behalf(signed_in: Client, citizen: User) -> None:
    firm = Organization.objects.create(stir="301234561", name="Namuna MChJ")
    mandate = give_mandate(citizen, firm, basis=Representation.Basis.HEAD)
    version = version_of(question("a"))
    page = signed_in.get("/uz/apply/form-small/")
    assert b"Namuna MChJ" in page.content and checked(page)
    response = signed_in.post("/uz/apply/form-small/", {"acting": "999"})
    assert response.status_code == 400 and checked(response)
    draft = start(signed_in, version, acting=str(mandate.pk))
    assert draft.representation == mandate and draft.organization == firm
    assert b"Namuna MChJ" in signed_in.get(url(draft)).content


def test_a_draft_can_be_gone_on_with_and_thrown_away(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    assert url(draft).encode() in signed_in.get("/uz/apply/form-small/").content
    assert signed_in.get(f"/uz/apply/d/{draft.uuid}/delete/").status_code == 405
    response = signed_in.post(f"/uz/apply/d/{draft.uuid}/delete/")
    assert response.status_code == 303 and not Draft.objects.exists()
    assert signed_in.get(url(draft)).status_code == 404


def test_another_persons_draft_does_not_exist(signed_in: Client, client: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    other = Client()
    other.force_login(make_citizen("boshqa@example.org"), backend=BACKEND)
    for path in (url(draft), url(draft, "check")):
        assert other.get(path).status_code == 404
        assert other.post(path, {"declared": "on"}).status_code == 404
    assert other.post(f"/uz/apply/d/{draft.uuid}/delete/").status_code == 404
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_errors_are_listed_linked_and_in_the_title(signed_in: Client) -> None:
    draft = start(
        signed_in,
        version_of(
            question("a", help={"uz": "Yordam"}), question("when", "date"),
            question("kind", "choice", options=["x", "y"]), question("ok", "checkbox"),
            question("n", "number"), question("f", "file"),
            question("many", "multi_choice", options=["x"]),
        ),
    )  # fmt: skip
    response = post(signed_in, draft, n="besh", when="", **{"when-day": "31", "when-month": "2"})
    assert response.status_code == 400
    page = checked(response)
    html = response.content.decode()
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title is not None
    with translation.override("uz"):
        from django.utils.translation import gettext

        assert title[1].strip().startswith(gettext("Error:"))
    summary = html[html.index("error-summary") :].partition("</ul>")[0]
    assert summary.count("<li>") == 7
    anchors = set(re.findall(r'href="#([^"]+)"', summary))
    assert anchors == {"q-a", "q-when-day", "q-kind-0", "q-ok", "q-n", "q-f", "q-many-0"}
    assert page.inputs["a"]["aria-describedby"] == "q-a-help q-a-error"
    # What was typed is there again.
    assert page.inputs["n"]["value"] == "besh"
    assert page.inputs["when-day"]["value"] == "31"
    assert html.count("q-a-error") == 2


def test_a_question_that_an_answer_calls_for_is_asked_and_is_no_mistake(signed_in: Client) -> None:
    draft = start(
        signed_in,
        version_of(
            question("a", "choice", options=["yes", "no"]),
            question("b", condition={"question": "a", "operator": "equals", "value": "yes"}),
        ),
    )
    first = signed_in.get(url(draft)).content.decode()
    assert '<template data-question="b"' in first
    response = post(signed_in, draft, a="yes", _asked=["a"])
    assert response.status_code == 200
    page = checked(response)
    assert "error-summary" not in response.content.decode() and "b" in page.inputs
    response = post(signed_in, draft, a="yes", b="", _asked=["a", "b"])
    assert response.status_code == 400
    response = post(signed_in, draft, a="yes", b="bor", _asked=["a", "b"])
    assert response.status_code == 303


def test_a_step_on_which_nothing_is_asked_is_passed_over(signed_in: Client) -> None:
    item = small_form(question("a", "choice", options=["yes", "no"]))
    condition = {"question": "a", "operator": "equals", "value": "yes"}
    item["steps"] += [
        {"key": "two", "title": {"uz": "2"}, "questions": [question("b", condition=condition)]},
        {"key": "three", "title": {"uz": "3"}, "questions": [question("c")]},
    ]
    draft = start(signed_in, make_version(item, make_service("namuna-xizmat")))
    assert post(signed_in, draft, a="no").headers["Location"] == url(draft, "three")
    assert signed_in.get(url(draft, "two")).headers["Location"] == url(draft, "three")
    assert post(signed_in, draft, a="yes").headers["Location"] == url(draft, "two")


def test_change_links_come_back_to_the_check_page(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    post(signed_in, draft, a="bir")
    page = signed_in.get(url(draft, "check")).content.decode()
    assert f"{url(draft)}?then=check#q-a" in page
    changing = checked(signed_in.get(f"{url(draft)}?then=check"))
    assert changing.inputs["_then"]["value"] == "check"
    response = post(signed_in, draft, a="ikki", _then="check")
    assert response.headers["Location"] == url(draft, "check")


def test_the_second_tab_is_told_and_loses_nothing(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    assert signed_in.post(url(draft), {"a": "bir", "_revision": "0"}).status_code == 303
    response = signed_in.post(url(draft), {"a": "ikki", "_revision": "0"})
    page, html = checked(response), response.content.decode()
    # Both answers are shown; what was typed here stands in the input, and nothing is saved yet.
    assert response.status_code == 409
    assert "<td>bir</td><td>ikki</td>" in html
    assert page.inputs["a"]["value"] == "ikki"
    draft.refresh_from_db()
    assert draft.answers == {"a": "bir"}
    # Keeping it is one more press; taking the other one is a link to the page.
    chosen = {"a": "ikki", "_revision": page.inputs["_revision"]["value"]}
    assert f'href="{url(draft)}"' in html
    assert signed_in.post(url(draft), chosen).status_code == 303
    draft.refresh_from_db()
    assert draft.answers == {"a": "ikki"}


def test_two_tabs_on_two_pages_do_not_disturb_each_other(signed_in: Client) -> None:
    item = small_form(question("a"))
    item["steps"].append({"key": "two", "title": {"uz": "Ikkinchi"}, "questions": [question("b")]})
    draft = start(signed_in, make_version(item, make_service("namuna-xizmat")))
    signed_in.post(url(draft), {"a": "bir", "_revision": "0"})
    first = checked(signed_in.get(url(draft))).inputs
    second = checked(signed_in.get(url(draft, "two"))).inputs
    for step, key, page in (("two", "b", second), ("one", "a", first)):
        sent = {key: "yangi", "_revision": page["_revision"]["value"],
                "_mark": page["_mark"]["value"]}  # fmt: skip
        assert signed_in.post(url(draft, step), sent).status_code == 303
    draft.refresh_from_db()
    assert draft.answers == {"a": "yangi", "b": "yangi"}


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "٣"])
def test_a_revision_that_says_nonsense_saves_nothing(signed_in: Client, revision: str) -> None:
    draft = start(signed_in, version_of(question("a")))
    assert signed_in.post(url(draft), {"a": "bir", "_revision": revision}).status_code == 409
    draft.refresh_from_db()
    assert draft.answers == {}


def test_sending_needs_the_declaration_and_every_answer(signed_in: Client, desk: Desk) -> None:
    draft = start(signed_in, version_of(question("a")))
    response = signed_in.get(url(draft, "check"))
    assert "error-summary" not in response.content.decode() and checked(response)
    response = signed_in.post(url(draft, "check"))
    assert response.status_code == 400 and "#declared" in response.content.decode()
    checked(response)
    response = signed_in.post(url(draft, "check"), {"declared": "on"})
    assert response.status_code == 400 and checked(response)
    assert f"{url(draft)}?then=check#q-a" in response.content.decode()
    assert desk.taken == []


def test_a_double_click_finds_the_receipt(signed_in: Client, desk: Desk) -> None:
    draft = start(signed_in, version_of(question("a")))
    post(signed_in, draft, a="bir")
    first = signed_in.post(url(draft, "check"), {"declared": "on"})
    second = signed_in.post(url(draft, "check"), {"declared": "on"})
    third = signed_in.get(url(draft))
    assert first.status_code == second.status_code == third.status_code == 303
    assert first.headers["Location"] == second.headers["Location"] == third.headers["Location"]
    assert len(desk.taken) == 1


def test_a_free_standing_form_has_a_page_of_its_own(signed_in: Client) -> None:
    draft = start(signed_in, make_version(small_form(question("a"), key="free")))
    post(signed_in, draft, a="bir")
    response = signed_in.post(url(draft, "check"), {"declared": "on"}, follow=True)
    assert response.status_code == 200 and checked(response)
    other = Client()
    other.force_login(make_citizen("boshqa@example.org"), backend=BACKEND)
    assert other.get(f"/uz/apply/sent/{draft.uuid}/").status_code == 404


def test_nobody_there_keeps_the_answers(signed_in: Client, desk: Desk) -> None:
    from forms import receivers

    receivers._receivers.clear()
    draft = start(signed_in, version_of(question("a")))
    post(signed_in, draft, a="bir")
    response = signed_in.post(url(draft, "check"), {"declared": "on"})
    assert response.status_code == 503 and Draft.objects.filter(pk=draft.pk).exists()


# -- files -----------------------------------------------------------------------------------------


def pdf(name: str = "guvohnoma.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def with_file(client: Client) -> tuple[Draft, Attachment]:
    draft = start(client, version_of(question("a"), question("f", "file")))
    response = post(client, draft, a="", f=pdf(), _upload="f")
    # Only the file was sent on its own: what is missing beside it is no mistake yet.
    assert response.status_code == 200 and "error-summary" not in response.content.decode()
    return draft, Attachment.objects.get()


def test_a_file_can_be_uploaded_alone_and_taken_off(signed_in: Client) -> None:
    draft, attachment = with_file(signed_in)
    page = signed_in.get(url(draft))
    assert b"guvohnoma.pdf" in page.content and checked(page)
    response = post(signed_in, draft, a="yozilgan", _remove=str(attachment.uuid))
    assert response.status_code == 200 and b"yozilgan" in response.content
    assert not Attachment.objects.exists()


def test_a_refused_file_is_told_at_its_question(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a"), question("f", "file")))
    response = post(signed_in, draft, a="bir", f=pdf("a.pdf.exe"))
    assert response.status_code == 400
    page = checked(response)
    assert "q-f-error" in page.ids and "q-a-error" not in page.ids
    draft.refresh_from_db()
    assert draft.answers == {"a": "bir"}


def test_a_file_is_given_only_to_those_who_may_read_it(
    signed_in: Client, client: Client, desk: Desk
) -> None:
    _draft, attachment = with_file(signed_in)
    path = attachment.get_absolute_url()
    response = signed_in.get(path)
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="guvohnoma.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in response.headers["Cache-Control"]
    assert Client().get(path).status_code == 302
    other, user = Client(), make_citizen("boshqa@example.org")
    other.force_login(user, backend=BACKEND)
    # Django tries the address in the reader's language before it says 404.
    assert other.get(path, follow=True).status_code == 404
    readers.register(lambda reader, row: reader == user and row == attachment)
    response = other.get(path)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF
    attachment.state = Attachment.State.INFECTED
    attachment.save()
    assert signed_in.get(path, follow=True).status_code == 404


# -- hostile input ---------------------------------------------------------------------------------


def test_a_missing_csrf_token_is_refused(citizen: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(citizen, backend=BACKEND)
    version_of(question("a"))
    assert strict.post("/uz/apply/form-small/", {"acting": ""}).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"a": "x" * 100_000}, {"a": ["x", "y"]}, {"a": "\x00"}, {"a": "x", "b": "never offered"},
        {"b": "x" * 100_000}, {"many": ["x", "z"]}, {"when-day": "x" * 100_000}, {"ok": "maybe"},
        {"n": "9" * 100_000}, {"_asked": ["a"] * 900, "a": ""}, {"_remove": "x" * 1000},
        {"_remove": "../../etc/passwd"}, {"_then": "//evil.example"}, {"f": "a text, no file"},
    ],
)  # fmt: skip
def test_hostile_posts_get_the_page_back(signed_in: Client, data: dict[str, Any]) -> None:
    draft = start(
        signed_in,
        version_of(
            question("a"), question("b", "choice", options=["x", "y"]), question("n", "number"),
            question("many", "multi_choice", options=["x"]), question("when", "date"),
            question("ok", "checkbox"), question("f", "file"),
        ),
    )  # fmt: skip
    response = post(signed_in, draft, **data)
    assert response.status_code in {200, 400, 303}
    if response.status_code == 303:
        assert response.headers["Location"].startswith("/uz/apply/d/")
    else:
        checked(response)


def test_what_people_write_is_escaped(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a"), question("t", "textarea")))
    post(signed_in, draft, a="<script>alert(1)</script>", t="</textarea><b>")
    for step in ("one", "check"):
        html = signed_in.get(url(draft, step)).content.decode()
        assert "<script>alert" not in html and "</textarea><b>" not in html


def test_too_many_starts_are_slowed_down(signed_in: Client) -> None:
    version = version_of(question("a"))
    with override_settings(RATELIMIT_ENABLE=True):
        codes = {
            signed_in.post(f"/uz/apply/{version.definition.key}/", {"acting": ""}).status_code
            for _n in range(31)
        }
    assert codes == {303, 429}


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_a_form_is_read_in_each_language(signed_in: Client, language: str) -> None:
    version = make_definition("form-kindergarten").current
    assert version is not None
    draft = services.start_draft(make_user(signed_in), version)
    response = signed_in.get(f"/{language}/apply/d/{draft.uuid}/{version.schema.steps[0].key}/")
    assert response.status_code == 200 and checked(response)
    assert version.title(language) in response.content.decode().replace("&#x27;", "'")


def make_user(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])
