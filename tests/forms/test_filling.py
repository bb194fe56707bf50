"""What the line, the clock and people do to somebody who fills in a form."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from accounts.models import User
from forms import services
from forms.models import Draft, FormVersion, Submission
from tests.forms import factories
from tests.forms.conftest import Desk
from tests.forms.factories import (
    attach,
    fill_draft,
    make_definition,
    make_service,
    make_version,
    question,
    send,
    small_form,
)
from tests.forms.test_views import BACKEND, checked, post, start, url, version_of

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_REQUESTED_WITH": "portal"}


def free_standing(*questions: dict[str, Any], **members: Any) -> FormVersion:
    item = small_form(*questions, key="form-open", identification_level="none", **members)
    return make_version(item)


# -- a session that ends in the middle -----------------------------------------------------------


def test_what_was_typed_is_there_after_signing_in_again(signed_in: Client, citizen: User) -> None:
    draft = start(signed_in, version_of(question("a"), question("day", "date", required=False)))
    signed_in.get(f"/uz/apply/d/{draft.uuid}/one/")
    signed_in.logout()
    typed = {"a": "Uzoq yozilgan", "day-day": "5", "day-month": "13", "_revision": "0"}
    response = signed_in.post(url(draft), typed)
    assert response.status_code == 302 and "/accounts/login/" in response["Location"]
    # Nothing of it lies open in the session.
    assert "Uzoq" not in json.dumps(dict(signed_in.session))
    signed_in.force_login(citizen, backend=BACKEND)
    response = signed_in.get(url(draft))
    page = checked(response)
    assert page.inputs["a"]["value"] == "Uzoq yozilgan"
    assert page.inputs["day-month"]["value"] == "13"
    sent = {"a": "Uzoq yozilgan", "_revision": page.inputs["_revision"]["value"]}
    assert signed_in.post(url(draft), sent).status_code == 303
    # Once saved it is forgotten.
    assert checked(signed_in.get(url(draft))).inputs["day-month"]["value"] == ""


def test_somebody_else_never_sees_what_was_typed(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    signed_in.logout()
    signed_in.post(url(draft), {"a": "sir", "_revision": "0"})
    other = factories.make_citizen("boshqa@example.org")
    signed_in.force_login(other, backend=BACKEND)
    assert signed_in.get(url(draft)).status_code == 404


def test_the_script_is_told_to_sign_in(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    signed_in.logout()
    response = signed_in.post(url(draft), {"a": "bir", "_revision": "0"}, **SCRIPT)
    assert response.status_code == 401 and "/accounts/login/" in response.json()["sign_in"]


# -- saved while one types -------------------------------------------------------------------------


def test_autosave_keeps_what_is_good_and_goes_nowhere(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a"), question("n", "number")))
    answer = signed_in.post(url(draft), {"a": "bir", "n": "x", "_revision": "0"}, **SCRIPT)
    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.answers == {"a": "bir"} and draft.step == "one"
    assert answer.json()["revision"] == draft.revision
    # The page's own post comes after it with what the script was told.
    sent = {"a": "ikki", "n": "2", "_revision": answer.json()["revision"]}
    assert signed_in.post(url(draft), sent).status_code == 303


def test_autosave_never_overwrites_another_window(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    signed_in.post(url(draft), {"a": "bir", "_revision": "0"})
    answer = signed_in.post(url(draft), {"a": "eski", "_revision": "0"}, **SCRIPT)
    assert answer.status_code == 409 and answer.json()["stale"] is True
    draft.refresh_from_db()
    assert draft.answers == {"a": "bir"}


def test_going_back_and_later_keep_what_was_typed(signed_in: Client) -> None:
    item = small_form(question("a"))
    item["steps"].append({"key": "two", "title": {"uz": "Ikkinchi"}, "questions": [question("b")]})
    draft = start(signed_in, make_version(item, make_service("namuna-xizmat")))
    post(signed_in, draft, a="bir")
    response = post(signed_in, draft, "two", b="chala", _back="1")
    assert response["Location"] == url(draft)
    response = post(signed_in, draft, "two", b="", _later="1")
    assert response["Location"] == "/uz/apply/form-small/"
    draft.refresh_from_db()
    assert draft.answers == {"a": "bir"} and draft.step == "two"


# -- repeating groups without a script --------------------------------------------------------------


def test_entries_are_added_and_taken_off_without_losing_the_others(signed_in: Client) -> None:
    group = question("kids", "repeat", questions=[question("name"), question("age", "number")])
    draft = start(signed_in, version_of(group))
    assert "kids-0-name" in checked(signed_in.get(url(draft))).inputs
    response = post(
        signed_in,
        draft,
        **{"kids-item": "0", "kids-0-name": "A", "kids-0-age": "x", "_add": "kids"},
    )
    # A mistake in the first is not spoken of yet: nobody said to be ready.
    assert response.status_code == 200
    page = checked(response)
    assert page.inputs["kids-0-age"]["value"] == "x" and "kids-1-name" in page.inputs
    sent = {"kids-item": ["0", "1"], "kids-0-name": "A", "kids-0-age": "3", "kids-1-name": "B"}
    response = post(signed_in, draft, **sent, _drop="kids-0")
    draft.refresh_from_db()
    assert draft.answers == {"kids": [{"name": "B"}]}
    response = post(signed_in, draft, **{"kids-item": "0", "kids-0-name": "B"})
    assert response.status_code == 400
    html = response.content.decode()
    assert 'href="#q-kids-0-age"' in html and checked(response)
    sent = {"kids-item": "0", "kids-0-name": "B", "kids-0-age": "7"}
    assert post(signed_in, draft, **sent).status_code == 303


# -- all on one page ----------------------------------------------------------------------------


def test_a_form_on_one_page(signed_in: Client, desk: Desk) -> None:
    item = small_form(question("kind", "choice", options=["a", "b"]), layout="one_page")
    item["steps"].append(
        {
            "key": "two", "title": {"uz": "Ikkinchi"}, "questions": [question("b")],
            "condition": {"question": "kind", "operator": "equals", "value": "a"},
        }
    )  # fmt: skip
    draft = start(signed_in, make_version(item, make_service("namuna-xizmat")))
    assert draft.step == "all"
    page = signed_in.get(url(draft, "all"))
    assert checked(page) and "Ikkinchi" in page.content.decode()
    response = post(signed_in, draft, "all", kind="a", _asked=["kind", "b"])
    assert response.status_code == 400
    response = post(signed_in, draft, "all", kind="b", b="hidden", _asked=["kind", "b"])
    assert response["Location"] == url(draft, "check")
    draft.refresh_from_db()
    assert draft.answers == {"kind": "b"}
    assert "/all/?then=check#q-kind" in signed_in.get(url(draft, "check")).content.decode()
    response = signed_in.post(url(draft, "check"), {"declared": "on"})
    assert response.status_code == 303 and desk.taken


# -- a new version while somebody fills in ------------------------------------------------------


def test_new_words_come_by_themselves(signed_in: Client) -> None:
    draft = start(signed_in, version_of(question("a")))
    version_of(question("a", label={"uz": "Yangi soʻz"}))
    assert "Yangi soʻz" in signed_in.get(url(draft)).content.decode()
    draft.refresh_from_db()
    assert draft.version.number == 2


def test_a_changed_form_is_told_and_may_be_finished_or_changed(
    signed_in: Client, desk: Desk
) -> None:
    old = [question("a"), question("gone"), question("n")]
    draft = start(signed_in, version_of(*old))
    post(signed_in, draft, a="bir", gone="x", n="uch")
    version_of(question("a"), question("n", "number"), question("new"))
    page = signed_in.get(url(draft)).content.decode()
    assert f"/d/{draft.uuid}/changes/" in page
    with translation.override("en"):
        said = signed_in.get(f"/en/apply/d/{draft.uuid}/changes/").content.decode()
    for words in ("Savol new", "Savol gone", "Savol n", "how it is answered"):
        assert words in said
    # Finishing as begun works still …
    assert signed_in.get(url(draft, "check")).status_code == 200
    # … and going over keeps what still fits and leads to the first question that lacks something.
    response = signed_in.post(f"/uz/apply/d/{draft.uuid}/changes/")
    draft.refresh_from_db()
    assert response["Location"] == url(draft)
    assert draft.version.number == 2 and draft.answers == {"a": "bir"}
    # What could not be kept is named.
    told = " ".join(str(message) for message in get_messages(response.wsgi_request))
    assert "Savol gone" in told and "Savol n" in told and "Savol a" not in told


def test_what_was_begun_is_sent_with_its_own_version(citizen: User, desk: Desk) -> None:
    version = version_of(question("a"))
    draft = fill_draft(services.start_draft(citizen, version))
    version_of(question("b"))
    submission = send(draft, language="uz")
    assert submission.version == version and submission.answers.keys() == {"a"}


# -- once more ------------------------------------------------------------------------------------


def test_repeating_fills_in_what_still_holds(signed_in: Client, citizen: User, desk: Desk) -> None:
    version = version_of(question("a"), question("paper", "file"), question("gone"))
    draft = fill_draft(services.start_draft(citizen, version), {"a": "bir"})
    submission = send(draft, language="uz")
    version_of(question("a"), question("paper", "file"), question("b"))
    response = signed_in.post(f"/uz/apply/sent/{submission.uuid}/repeat/")
    again = Draft.objects.latest("pk")
    assert response["Location"] == again.get_absolute_url()
    assert again.answers == {"a": "bir"} and again.version.number == 2
    other = Client()
    other.force_login(factories.make_citizen("boshqa@example.org"), backend=BACKEND)
    assert other.post(f"/uz/apply/sent/{submission.uuid}/repeat/").status_code == 404


# -- files one by one ------------------------------------------------------------------------------


def test_each_file_is_a_request_of_its_own(signed_in: Client) -> None:
    paper = question("papers", "file", validation={"max_files": 2})
    draft = start(signed_in, version_of(question("a"), paper))
    address = f"/uz/apply/d/{draft.uuid}/file/papers/"
    sent = factories.upload_for(draft.version.schema.by_key["papers"])
    answer = signed_in.post(address, {"papers": sent}, **SCRIPT)
    assert answer.status_code == 200 and "hujjat.pdf" in answer.json()["html"]
    # Another window saved a page meanwhile: a file disturbs nobody.
    post(signed_in, draft, a="bir", _mark="")
    wrong = factories.upload_for(draft.version.schema.by_key["papers"], "a.exe")
    answer = signed_in.post(address, {"papers": wrong}, **SCRIPT)
    assert answer.status_code == 400 and answer.json()["error"]
    draft.refresh_from_db()
    assert len(draft.answers["papers"]) == 1
    for question_key in ("a", "nothing"):
        other = address.replace("papers", question_key)
        assert signed_in.post(other, {"papers": sent}, **SCRIPT).status_code == 404


# -- without an account --------------------------------------------------------------------------


def test_a_form_that_needs_no_account(client: Client, settings: Any) -> None:
    version = free_standing(question("a"), question("paper", "file", required=False))
    page = client.get("/uz/apply/form-open/")
    assert page.status_code == 200
    client.post("/uz/apply/form-open/")
    draft = Draft.objects.get()
    assert draft.user is None and draft.version == version
    stranger = Client()
    assert stranger.get(url(draft)).status_code == 302
    assert checked(client.get(url(draft))).inputs["website"]
    assert post(client, draft, a="bir").status_code == 303
    # A program fills in what no person sees, and is quicker than one.
    assert post(client, draft, a="ikki", website="spam").status_code == 403
    assert client.post(url(draft, "check"), {"declared": "on"}).status_code == 403
    later = draft.created_at - factories.timedelta(minutes=1)
    Draft.objects.filter(pk=draft.pk).update(created_at=later)
    response = client.post(url(draft, "check"), {"declared": "on"})
    assert response["Location"] == f"/uz/apply/sent/{draft.uuid}/"
    submission = Submission.objects.get()
    assert submission.user is None and submission.anonymous and submission.answers == {"a": "bir"}
    assert client.get(response["Location"]).status_code == 200
    # The same click again, and a stranger.
    again = client.post(url(draft, "check"), {"declared": "on"})
    assert again["Location"] == response["Location"]
    assert stranger.get(response["Location"]).status_code == 302


def test_files_of_a_draft_without_account_open_in_its_browser_alone(client: Client) -> None:
    free_standing(question("paper", "file"))
    client.post("/uz/apply/form-open/")
    draft = Draft.objects.get()
    address = f"/files/{attach(draft, 'paper')[0]['uuid']}/"
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404


def test_a_confirmed_email_is_asked_for(signed_in: Client, citizen: User) -> None:
    version_of(question("a"), confirmed_email=True)
    EmailAddress.objects.filter(user=citizen).update(verified=False)
    assert signed_in.get("/uz/apply/form-small/").status_code == 403
    EmailAddress.objects.filter(user=citizen).update(verified=True)
    assert signed_in.get("/uz/apply/form-small/").status_code == 200


# -- the receipt ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_the_receipt_is_a_tagged_pdf_in_the_language_of_the_applicant(
    citizen: User, desk: Desk, signed_in: Client, language: str
) -> None:
    definition = make_definition("form-kindergarten")
    assert definition.current is not None
    draft = fill_draft(services.start_draft(citizen, definition.current))
    files = [row.filename for row in draft.attachments.all()]
    submission = send(draft, language=language)
    response = signed_in.get(f"/uz/apply/sent/{submission.uuid}/pdf/")
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    catalog = reader.root_object
    assert catalog["/MarkInfo"].get_object()["/Marked"] and "/StructTreeRoot" in catalog
    assert catalog["/Lang"].startswith(language[:2])
    text = "".join(page.extract_text() for page in reader.pages)
    assert submission.receipt_number in text
    title = definition.current.title(language).split()[0]
    assert title in text
    for name in files:
        assert name in text


def test_nobody_elses_receipt(citizen: User, desk: Desk, client: Client) -> None:
    version = version_of(question("a"))
    submission = send(fill_draft(services.start_draft(citizen, version)), language="uz")
    client.force_login(factories.make_citizen("boshqa@example.org"), backend=BACKEND)
    assert client.get(f"/uz/apply/sent/{submission.uuid}/pdf/").status_code == 404
