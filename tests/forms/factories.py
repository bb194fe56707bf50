"""Forms, answers and files for tests of every room.

`make_definition("form-kindergarten")` publishes a form of the demonstration; `filled_answers`
answers every question that is asked; `posted` turns answers into what a browser would send.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image

from accounts.models import Agency, User
from accounts.numbers import pinfl_control
from accounts.services import create_applicant
from core.models import District
from forms import services, signing
from forms.engine.conditions import is_asked
from forms.engine.schema import Question, Schema
from forms.engine.types import ReceptionDayType, get
from forms.engine.types.choices import offered
from forms.engine.types.dates import resolve
from forms.engine.types.groups import inner
from forms.engine.validation import validate_answers
from forms.models import (
    Attachment,
    Draft,
    FormDefinition,
    FormVersion,
    ReceptionSlot,
    Signature,
    Submission,
)
from forms.services import publish_schema
from forms.signing.signatures import owner
from service_pages.models import Service

CONTENT = Path(__file__).resolve().parents[2] / "site" / "demo" / "content" / "forms.json"
PASSWORD = "uch-baliq-dengizda"


@cache
def items() -> dict[str, dict[str, Any]]:
    """All forms of the demonstration content by key."""
    return {item["key"]: item for item in json.loads(CONTENT.read_text())["items"]}


def keys() -> list[str]:
    """Keys of all forms."""
    return list(items())


def schema(key: str) -> Schema:
    """The schema of a form of the demonstration."""
    return Schema.from_json(items()[key])


# -- answers -----------------------------------------------------------------------------------


def demo_pinfl(serial: int = 1) -> str:
    """A well-formed personal number of nobody (born 12.03.1985, district 000)."""
    digits = f"3120385000{serial:03d}"
    return digits + pinfl_control(digits)


def text_for(pattern: str, longest: int = 200) -> str:
    """The first text that a simple regular expression takes, in a fixed order."""
    from re import _parser  # type: ignore[attr-defined]

    text = "".join(_texts(_parser.parse(pattern)))
    assert re.fullmatch(pattern, text) and len(text) <= longest, (pattern, text)
    return text


def _texts(parts: Any) -> Iterator[str]:
    for name, value in parts:
        match str(name):
            case "LITERAL":
                yield chr(value)
            case "IN":
                yield _one_of(value)
            case "MAX_REPEAT":
                least, _most, inner = value
                for _count in range(max(least, 1 if least else 0)):
                    yield from _texts(inner)
            case "BRANCH":
                yield from _texts(value[1][0])
            case "SUBPATTERN":
                yield from _texts(value[3])
            case "ANY":
                yield "x"
            case _:
                continue


def _one_of(choices: Any) -> str:
    for name, value in choices:
        match str(name):
            case "LITERAL":
                return chr(value)
            case "RANGE":
                return chr(value[0])
            case "CATEGORY":
                return "1" if "DIGIT" in str(value) else "x"
    raise AssertionError(choices)


def answer(question: Question, answers: Mapping[str, Any] = {}) -> Any:
    """A valid answer to a question, as it is stored; for files a description of one file."""
    rules = question.validation
    match question.type:
        case "content" | "calculated":
            return None
        case "passport":
            return "AD1234567"
        case "plate":
            return "95A123BC"
        case "time":
            return str(rules.get("min") or "10:30")
        case "yes_no":
            return "yes"
        case "declaration":
            return True
        case "postal_address":
            return {"district": "nukus", "mahalla": "Namuna", "street": "Namuna koʻchasi, 1-uy"}
        case "coordinates":
            return {"latitude": "42.46", "longitude": "59.61"}
        case "bank_account":
            return {"account": "20208000900123456001", "mfo": "00621"}
        case "date_range":
            day = _date(question, answers)
            return {"from": day.isoformat(), "to": day.isoformat()}
        case "repeat":
            return [{q.key: answer(q, answers) for q in question.questions}]
        case "reception_day":
            kind = get(question.type)
            assert isinstance(kind, ReceptionDayType)
            return kind.offered(question, answers)[0]
        case "text" | "address":
            if "regex" in rules:
                return text_for(rules["regex"])
            return ("Namuna javob " * 10)[: max(12, question.rule("min_length", 0))].strip()
        case "textarea":
            return ("Namuna matn. " * 200)[: max(40, question.rule("min_length", 0) + 5)].strip()
        case "email":
            return "demo.fuqaro@example.org"
        case "phone":
            return "+998610000101"
        case "pinfl":
            return demo_pinfl()
        case "stir":
            return "301234561"
        case "number":
            return str(rules.get("min", 1))
        case "money":
            return int(Decimal(str(rules.get("min") or 1000)) * 100)
        case "date":
            return _date(question, answers).isoformat()
        case "choice" | "district" | "select" | "search_select":
            return offered(question)[0][0]
        case "multi_choice":
            return [value for value, _t in offered(question)][
                : max(1, question.rule("min_choices", 1))
            ]
        case "checkbox":
            return True
        case "file" | "image":
            return [{"uuid": "00000000-0000-4000-8000-000000000000", "name": "n.pdf", "size": 9}]
    raise AssertionError(question.type)


def _date(question: Question, answers: Mapping[str, Any]) -> date:
    today, rules = timezone.localdate(), question.validation
    earliest = [resolve(rules["min"], today)] if rules.get("min") else []
    other = answers.get(rules.get("min_question") or "")
    if other:
        earliest.append(date.fromisoformat(other))
    if earliest:
        return max(earliest)
    return resolve(rules["max"], today) if rules.get("max") else today + timedelta(days=30)


def filled_answers(
    form: Schema, chosen: Mapping[str, Any] = {}, *, optional: bool = True
) -> dict[str, Any]:
    """A valid answer to every question that is asked (`optional=False`: that must be answered).

    `chosen` answers stand as they are given, and decide what is asked after them.
    """
    answers: dict[str, Any] = {}
    asked: set[str] = set()
    for question in form.questions():
        if not is_asked(question, form, answers, asked):
            continue
        asked.add(question.key)
        if question.key in chosen:
            answers[question.key] = chosen[question.key]
        elif optional or question.required:
            answers[question.key] = answer(question, answers)
    return answers


def posted(form: Schema, answers: Mapping[str, Any], step: str | None = None) -> dict[str, Any]:
    """What a browser sends for stored answers (of one step); files go apart."""
    raw: dict[str, Any] = {}
    for question in form.questions():
        value = answers.get(question.key)
        if value is None or (step is not None and form.step_of[question.key] != step):
            continue
        match question.type:
            case "file" | "image" | "calculated":
                continue
            case "date":
                raw |= _boxes(question.key, value)
            case "date_range":
                raw |= _boxes(f"{question.key}-from", value["from"])
                raw |= _boxes(f"{question.key}-to", value["to"])
            case "time":
                hour, minute = value.split(":")
                raw |= {f"{question.key}-hour": hour, f"{question.key}-minute": minute}
            case "postal_address" | "coordinates" | "bank_account":
                raw |= {f"{question.key}-{part}": text for part, text in value.items()}
            case "repeat":
                raw[f"{question.key}-item"] = [str(number) for number in range(len(value))]
                for number, item in enumerate(value):
                    inside = small_schema(*(inner(question, number, q) for q in question.questions))
                    raw |= posted(
                        inside, {f"{question.key}-{number}-{key}": a for key, a in item.items()}
                    )
            case "checkbox" | "declaration":
                raw[question.key] = "on"
            case "money":
                raw[question.key] = str(Decimal(value) / 100)
            case _:
                raw[question.key] = value
    return raw


def _boxes(name: str, day: str) -> dict[str, str]:
    year, month, day = day.split("-")
    return {f"{name}-day": str(int(day)), f"{name}-month": str(int(month)), f"{name}-year": year}


def small_schema(*questions: Question) -> Schema:
    """A form of one step with these questions."""
    empty = Schema.from_json(small_form(question("q")))
    return replace(empty, steps=(replace(empty.steps[0], questions=questions),))


def upload_for(question: Question, name: str = "") -> SimpleUploadedFile:
    """A file that a question takes."""
    endings = question.validation.get("extensions") or ["pdf"]
    if "pdf" in endings:
        return SimpleUploadedFile(name or "hujjat.pdf", pdf_of(), "application/pdf")
    width = max(300, question.rule("min_width_px", 0))
    height = max(400, question.rule("min_height_px", 0))
    return SimpleUploadedFile(name or "rasm.jpg", image("JPEG", width, height), "image/jpeg")


def files_of(**uploads: Any) -> MultiValueDict[str, Any]:
    """As Django's `request.FILES`."""
    return MultiValueDict({key: [upload] for key, upload in uploads.items()})


def image(kind: str = "PNG", width: int = 10, height: int = 10) -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#1d3f72").save(buffer, kind)
    return buffer.getvalue()


# -- rows --------------------------------------------------------------------------------------


def make_agency(key: str = "adliya-vazirligi", code: str = "ADL", **fields: Any) -> Agency:
    """An agency of the republic."""
    values = {"kind": "ministry", "level": "republic", "name": {"uz": f"Namuna {code}"}} | fields
    return Agency.objects.get_or_create(key=key, defaults={"code": code, **values})[0]


def make_districts() -> None:
    """Two districts and the republic."""
    for order, (key, kind) in enumerate(
        (("karakalpakstan", "republic"), ("nukus", "city"), ("amudaryo", "district"))
    ):
        name = {"uz": key.capitalize(), "ru": f"{key} (ru)"}
        District.objects.get_or_create(
            key=key, defaults={"kind": kind, "order": order, "name": name}
        )


def make_reception(agency: Agency | None = None, *, places: int = 12) -> Agency:
    """An agency that receives people on every working day at ten."""
    agency = agency or make_agency()
    for weekday in range(5):
        ReceptionSlot.objects.get_or_create(
            agency=agency, weekday=weekday, begins=time(10),
            defaults={"ends": time(13), "places": places},
        )  # fmt: skip
    return agency


def make_service(key: str, agency: Agency | None = None) -> Service:
    """A service row."""
    defaults = {"registry_number": f"T-{key}"[:20], "agency": agency or make_agency()}
    return Service.objects.get_or_create(key=key, defaults=defaults)[0]


def make_definition(key: str = "form-kindergarten", **changes: Any) -> FormDefinition:
    """A published form of the demonstration, with its service; `changes` replace its members."""
    make_districts()
    make_reception()
    item = items()[key] | changes
    definition, _made = FormDefinition.objects.get_or_create(
        key=key, defaults={"service": make_service(item["service"])}
    )
    publish_schema(definition, item)
    return definition


def make_version(item: Mapping[str, Any], service: Service | None = None) -> FormVersion:
    """A published version of a form written in the test."""
    definition, _made = FormDefinition.objects.get_or_create(
        key=item["key"], defaults={"service": service}
    )
    publish_schema(definition, item)
    version = definition.current
    assert version is not None
    return version


def small_form(
    *questions: Mapping[str, Any], key: str = "form-small", **members: Any
) -> dict[str, Any]:
    """JSON of a form with one step."""
    return {
        "key": key,
        "title": {"uz": "Namuna shakl", "ru": "Пример формы", "en": "Sample form"},
        "identification_level": "account",
        "steps": [{"key": "one", "title": {"uz": "Birinchi"}, "questions": list(questions)}],
        **members,
    }


def question(key: str, kind: str = "text", **members: Any) -> dict[str, Any]:
    """JSON of a question; options given as values."""
    options = [
        {"value": value, "label": {"uz": f"{value} uz", "ru": f"{value} ru"}}
        for value in members.pop("options", [])
    ]
    return {
        "key": key,
        "type": kind,
        "label": {"uz": f"Savol {key}", "ru": f"Вопрос {key}"},
        "required": True,
        "options": options,
        **members,
    }


def make_citizen(login: str = "demo.fuqaro@example.org", level: str = "oneid") -> User:
    """An applicant with a profile."""
    return create_applicant(
        email=login,
        password=PASSWORD,
        full_name="DEMO FUQARO",
        identity_level=level,
        profile={"pinfl": demo_pinfl(7)},
    )


def attach(draft: Draft, key: str) -> list[dict[str, Any]]:
    """Attach a fitting file to a draft, past the views; gives the answer."""
    upload = upload_for(draft.version.schema.by_key[key])
    content = upload.read()
    row = Attachment(
        draft=draft, question_key=key, filename=upload.name, size=len(content), sha256="0" * 64,
        content_type=upload.content_type or "",
    )  # fmt: skip
    upload.seek(0)
    row.file.save(str(row.uuid), upload, save=False)
    row.save()
    return [{"uuid": str(row.uuid), "name": row.filename, "size": row.size}]


def fill_draft(draft: Draft, chosen: Mapping[str, Any] = {}, **options: Any) -> Draft:
    """Answer everything in a draft, files included, so that it can be sent."""
    form = draft.version.schema
    answers = filled_answers(form, chosen, **options)
    for key in answers:
        if form.by_key[key].type == "file":
            answers[key] = attach(draft, key)
    draft.answers = answers
    draft.step = "check"
    draft.save()
    if form.signature_required:
        sign(draft)
    return draft


def send(draft: Draft, *, language: str = "") -> Submission:
    """Send a draft as its owner."""
    return services.submit(draft.uuid, draft.user, language=language)


def sign(draft: Draft) -> Signature:
    """Sign a draft with a key of the demonstration."""
    answers = validate_answers(draft.version.schema, draft.answers).cleaned
    signer, provider = owner(draft), signing.provider()
    assert provider is not None
    pkcs7 = provider.demonstrate(signing.text_to_sign(draft, answers), signer)
    return signing.sign(draft, answers, pkcs7, provider)


def pdf_of(*objects: bytes, catalog: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF with one empty page, and what a test adds."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        *objects,
    ]
    written, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer<</Size %d/Root 1 0 R" % size
        + trailer
        + b">>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    )


#: The smallest paper that a reader takes.
PDF = pdf_of()
