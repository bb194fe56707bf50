"""Hostile answers to every type, in every language: told at the right question, nothing good lost.

The words of each mistake are tested in `test_types`; here it is the whole way, from the post to
the page that comes back.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from accounts.models import User
from forms import services
from forms.engine import types
from forms.models import Attachment, Draft, FormVersion
from tests.forms import factories
from tests.forms.factories import make_definition, make_service, make_version, question, small_form
from tests.forms.test_uploads import ACTIVE
from tests.forms.test_views import checked

pytestmark = pytest.mark.django_db
LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")
LONG = "x" * 200_000
#: A text that turns the direction of writing, a null byte, digits of another script.
TRICKS = ("a\x00b", "\u0661\u0662\u0663", "\ufffe")


def bomb() -> bytes:
    """A document that unpacks into 300 MB."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 300_000_000)
    return written.getvalue()


def archive() -> bytes:
    """A small archive: behind a picture it makes a file of two kinds."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("a.txt", "a")
    return written.getvalue()


FILES: list[tuple[str, str, bytes]] = [
    ("a.pdf", "application/pdf", b""),
    ("a.pdf", "application/pdf", factories.image("PNG")),
    ("a.png", "image/png", factories.pdf_of()),
    ("a.pdf", "application/pdf", b"MZ" + b"\x00" * 500),
    ("passport.exe", "application/pdf", factories.pdf_of()),
    ("passport.exe.pdf", "application/pdf", factories.pdf_of()),
    ("gpj.\u202eexe", "image/jpeg", factories.image("JPEG")),
    ("a.pdf", "application/pdf", ACTIVE["a script on opening"]),
    ("a.pdf", "text/html", factories.pdf_of()),
    ("a.docx", "application/zip", bomb()),
    ("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
    ("noending", "application/pdf", factories.pdf_of()),
    ("a.pdf", "application/pdf", factories.pdf_of() + archive()),
    ("a.png", "image/png", factories.image("PNG") + archive()),
    ("a.png", "image/svg+xml", b"<svg onload='alert(1)'/>"),
    ("a.png", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
]

#: type → what is sent under `q` (a mapping: under `q-…`).
BAD: dict[str, list[Any]] = {
    "text": [LONG, *TRICKS[:1], ["a", "b"], "\ufffe", "\u3164", "\u200d", "\u0301\u0302"],
    "textarea": [LONG, "a\x07b", ["a", "b"]],
    "address": [LONG, "a\x00b"],
    "email": ["demo@", "demo@@example.org", "a b@example.org", LONG, TRICKS[1], "ali@exa mple.org"],
    "phone": ["12", "+998 61 000", "abc", LONG, *TRICKS, "+998610000101 #5"],
    "number": ["1e9", "NaN", "Infinity", "0x10", "--1", LONG, *TRICKS, "1.5", "１２", "1\u0301",
               "9" * 19],
    "money": ["-1", "0.001", "ten", LONG, *TRICKS, "15.000", "1,234,567", "-0"],
    "date": ["31.02.2026", "tomorrow", "0000-00-00", "99999-01-01", {"day": "1"}, {"day": "x" * 900},
             {"day": "31", "month": "2", "year": "2026"}, "29.02.2025", "01.01.0001",
             {"day": "２", "month": "1", "year": "2026"}, *TRICKS],
    "date_range": [{"from-day": "1"}, {"from": "2026-03-02", "to": "2026-03-01"},
                   {"from": "2026-02-31", "to": "2026-03-01"}],
    "time": ["24:00", "9:60", "noon", {"hour": "9"}, {"hour": "x", "minute": "1"}, {"hour": "24", "minute": "00"}, LONG],
    "choice": ["c", ["a", "b"], LONG, "__class__", "а"],
    "select": ["c", ["a", "b"], "a\x00"],
    "search_select": ["c", "A"],
    "multi_choice": [["a", "c"], "c", "a\x00"],
    "yes_no": ["maybe", "true", ["yes", "no"]],
    "checkbox": ["perhaps", "2", ["on", "on"]],
    "declaration": ["", "no", "perhaps"],
    "pinfl": ["123", "0" * 14, "31203850000001", "３１２０３８５００００００８", LONG],
    "stir": ["12", "1" * 9, "301234562", "abcdefghi", "\u0661" * 9],
    "passport": ["A1234567", "AAA123456", "ЯЮ1234567", "AA１２３４５６７", LONG],
    "plate": ["00A123BC", "95A12BC", "XX", "95 Ю 123 BC"],
    "bank_account": [{"account": "1", "mfo": "00621"}, {"account": "2" * 20, "mfo": "00621"},
                     {"account": "20208000900123456001"}, {"account": LONG, "mfo": "1"}],
    "district": ["moscow", ["nukus", "amudaryo"], "nukus\x00"],
    "postal_address": [{"district": "moscow", "mahalla": "a", "street": "b"}, {"district": "nukus"},
                       {"district": "nukus", "mahalla": LONG, "street": "b"}],
    "coordinates": ["91, 0", "abc", "42.46", {"latitude": "42.46"},
                    {"latitude": "NaN", "longitude": "0"}, {"latitude": "1e3", "longitude": "0"}],
    "repeat": [{"item": "x"}, {"item": [str(n) for n in range(60)]}, {"item": "0"}, {},
               {"item": list("012345")} | {f"{n}-inner": "x" for n in range(6)},
               {"item": "0", "0-inner": LONG}],
    "reception_day": ["2020-01-01 10:00", "tomorrow", LONG],
    "file": FILES,
    "image": [*FILES[:3], ("a.png", "image/png", factories.image("PNG", 30_000, 1)[:60]),
              ("a.png", "image/png", factories.image("PNG", 10, 10)),
              ("a.png", "image/png", factories.image("PNG", 1, 100_000))],
}  # fmt: skip
RULES: dict[str, dict[str, Any]] = {
    "image": {"min_width_px": 20, "extensions": ["png", "pdf"]},
    "file": {"extensions": ["pdf", "png", "docx", "jpg"]},
    "repeat": {"max_items": 5},
    "reception_day": {"agency": "adliya-vazirligi"},
}
NOTHING_TO_ANSWER = {"content", "calculated"}


def test_every_type_has_hostile_answers() -> None:
    assert BAD.keys() == set(types.known()) - NOTHING_TO_ANSWER


def version_with(kind: str) -> FormVersion:
    factories.make_districts()
    asked = question(
        "q", kind,
        options=["a", "b"] if kind in {"choice", "select", "search_select", "multi_choice"} else [],
        validation=RULES.get(kind, {}),
        questions=[question("inner")] if kind == "repeat" else [],
    )  # fmt: skip
    return make_version(small_form(question("good"), asked), make_service("namuna-xizmat"))


def sent(kind: str, bad: Any) -> dict[str, Any]:
    if kind in {"file", "image"}:
        name, declared, content = bad
        return {"q": SimpleUploadedFile(name, content, declared)}
    if isinstance(bad, dict):
        return {f"q-{part}": value for part, value in bad.items()}
    return {"q": bad}


def submit(client: Client, draft: Draft, language: str, data: dict[str, Any]) -> Any:
    draft.refresh_from_db()
    address = f"/{language}/apply/d/{draft.uuid}/one/"
    return client.post(address, {"_revision": draft.revision, "good": "Yaxshi javob", **data})


@pytest.mark.parametrize("kind", sorted(BAD))
def test_bad_answers_are_told_at_their_question(
    kind: str, signed_in: Client, citizen: User
) -> None:
    draft = services.start_draft(citizen, version_with(kind))
    for number, bad in enumerate(BAD[kind]):
        language = LANGUAGES[number % len(LANGUAGES)]
        response = submit(signed_in, draft, language, sent(kind, bad))
        assert response.status_code == 400, (kind, number)
        checked(response)
        html = response.content.decode()
        # Exactly one mistake, in the summary and at the question.
        errors = re.findall(r'<p class="field__error" id="(q-q[\w-]*)-error">', html)
        assert errors and all(name.startswith("q-q") for name in errors), (kind, number)
        assert 'id="q-good-error"' not in html
        draft.refresh_from_db()
        assert draft.answers["good"] == "Yaxshi javob"
        assert kind == "repeat" or "q" not in draft.answers
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("kind", sorted(BAD))
def test_each_language_says_it_in_its_own_words(
    kind: str, signed_in: Client, citizen: User
) -> None:
    draft = services.start_draft(citizen, version_with(kind))
    said = {}
    for language in LANGUAGES:
        html = submit(signed_in, draft, language, sent(kind, BAD[kind][0])).content.decode()
        with translation.override(language):
            found = re.search(r'id="q-q[\w-]*-error"><span[^>]*>[^<]*</span>\s*([^<]+)', html)
        assert found, language
        said[language] = found[1].strip()
    assert len(set(said.values())) == len(LANGUAGES), said


def test_ten_thousand_fields_are_refused(signed_in: Client, citizen: User) -> None:
    draft = services.start_draft(citizen, version_with("text"))
    response = submit(signed_in, draft, "uz", {f"x{number}": "1" for number in range(10_000)})
    assert response.status_code == 400
    draft.refresh_from_db()
    assert draft.answers == {}
    response = submit(signed_in, draft, "uz", {f"x{number}": "1" for number in range(1_500)})
    assert response.status_code == 400 and checked(response)
    draft.refresh_from_db()
    assert draft.answers == {"good": "Yaxshi javob"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\temp\\a.pdf", "a.pdf"),
        ("/abs/olute.pdf", "olute.pdf"), ("a\x00b.pdf", "ab.pdf"), ("x" * 300 + ".pdf", None),
    ],
)  # fmt: skip
def test_a_path_in_the_name_of_a_file_leads_nowhere(
    signed_in: Client, citizen: User, name: str, kept: str | None
) -> None:
    draft = services.start_draft(citizen, version_with("file"))
    upload = SimpleUploadedFile("a.pdf", factories.pdf_of(), "application/pdf")
    # Django strips paths from what a browser sends; a client of its own may set anything.
    upload._name = name
    saved = services.save_step(
        draft, "one", {"good": "x"}, factories.files_of(q=upload), revision=draft.revision
    )
    assert saved.errors == {}
    row = Attachment.objects.get()
    assert kept is None or row.filename == kept
    assert len(row.filename) <= 120 and ".." not in str(row.file.name)
    assert str(row.file.name) == f"attachments/{row.uuid.hex[:2]}/{row.uuid.hex}"


def test_a_hidden_question_posted_by_hand_is_never_stored(signed_in: Client, citizen: User) -> None:
    version = make_definition("form-appeal").current
    assert version is not None
    draft = services.start_draft(citizen, version)
    step = version.schema.steps[0]
    data = {"sender_type": "individual", "org_name": "Hidden", "stir": "301234561"}
    signed_in.post(f"/uz/apply/d/{draft.uuid}/{step.key}/", {"_revision": "0", **data})
    draft.refresh_from_db()
    assert not {"org_name", "stir"} & draft.answers.keys()
