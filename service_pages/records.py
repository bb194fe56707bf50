"""What a record in the shape of `services.json` gets wrong, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.models import IdentityLevel
from service_pages import vocabulary

SLUG = re.compile(r"[a-z0-9-]{1,100}")
KEY = re.compile(r"[-\w]{1,60}")

#: field → its choices
CHOICES: dict[str, Any] = {
    "result_type": vocabulary.ResultType,
    "result_format": vocabulary.ResultFormat,
    "fee_status": vocabulary.FeeStatus,
    "fee_mode": vocabulary.FeeMode,
    "provision_form": vocabulary.ProvisionForm,
    "identification_level": IdentityLevel,
}
#: list of words → their choices
WORDS: dict[str, Any] = {
    "applicant_categories": vocabulary.Audience,
    "channels": vocabulary.Channel,
    "known_gaps": vocabulary.Gap,
}
#: text maps of the record → longest text
TEXTS = {
    "title": 255, "summary": 600, "result": 400, "result_validity": 100, "eligibility": 600,
    "redress": 600, "payment_means": 200,
}  # fmt: skip
#: rows → (required texts, other texts, choices, required values)
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...], dict[str, Any], tuple[str, ...]]] = {
    "terms": ((), ("condition", "legal_point"), {"unit": vocabulary.TermUnit}, ("key", "unit")),
    "fees": ((), ("condition", "legal_point"), {"kind": vocabulary.FeeKind}, ("key", "kind")),
    "documents": (
        ("name",),
        ("issuer", "condition", "source"),
        {"form": vocabulary.DocumentForm},
        (),
    ),
    "steps": (("action",), ("term",), {"actor": vocabulary.Actor}, ("actor",)),
    "refusal_grounds": (("text",), ("legal_point",), {}, ("code",)),
    "legal_basis": (("title",), (), {}, ("type",)),
    "questions": (("question", "answer"), (), {}, ()),
    "samples": (("title", "text"), ("note",), {"kind": vocabulary.SampleKind}, ("kind",)),
}
KNOWN = frozenset(
    {
        "key", "slug", "external_id", "external_url", "category", "topics", "life_events", "agency",
        "co_agencies", "composite", "national_provider", "territory", "discount_codes",
        "payment_validity_days", "documents_required", "phase", "minutes_to_complete", "synonyms",
        "form", "related", "result_verifiable",
        *CHOICES, *WORDS, *TEXTS, *ROWS,
    }
)  # fmt: skip

Found = tuple[str, str]


def unknown_keys(record: Mapping[str, Any]) -> list[str]:
    """Keys that a passport does not have."""
    return sorted(set(record) - KNOWN)


def record_problems(record: Any) -> list[Found]:
    """(path, message) of everything that is wrong; empty where a page can be built."""
    if not isinstance(record, Mapping):
        return [("", "is not an object")]
    return list(_problems(record))


def _problems(record: Mapping[str, Any]) -> Iterator[Found]:
    slug = record.get("slug") or record.get("key")
    if not isinstance(slug, str) or not SLUG.fullmatch(slug):
        yield "slug", "is not 1 to 100 letters a–z, digits and hyphens"
    title = record.get("title")
    if not isinstance(title, Mapping) or not str(title.get("uz") or "").strip():
        yield "title.uz", "is missing"
    for name, longest in TEXTS.items():
        yield from _text(name, record.get(name), longest)
    for name, words in CHOICES.items():
        yield from _choice(name, record.get(name), words)
    for name, words in WORDS.items():
        values = record.get(name)
        if values is None:
            continue
        if not isinstance(values, list):
            yield name, "is not a list"
            continue
        for place, value in enumerate(values):
            yield from _choice(f"{name}.{place}", value, words)
    for name in ("topics", "life_events", "co_agencies", "discount_codes", "related"):
        if record.get(name) is not None and not isinstance(record[name], list):
            yield name, "is not a list"
    for name, longest_value in (("phase", 5), ("minutes_to_complete", 32767),
                                ("payment_validity_days", 32767)):  # fmt: skip
        yield from _number(name, record.get(name), longest_value)
    for name in ROWS:
        yield from _rows(name, record.get(name))


def _text(path: str, texts: Any, longest: int = 4000) -> Iterator[Found]:
    if texts is None:
        return
    if not isinstance(texts, Mapping):
        yield path, "is not an object of texts by language"
        return
    for code, text in texts.items():
        if text is not None and not isinstance(text, str):
            yield f"{path}.{code}", "is not a text"
        elif isinstance(text, str) and len(text) > longest:
            yield f"{path}.{code}", f"is longer than {longest} letters"


def _choice(path: str, value: Any, words: Any) -> Iterator[Found]:
    if value not in (None, "") and value not in words.values:
        yield path, f"is not one of {', '.join(map(str, words.values))}"


def _number(path: str, value: Any, highest: int) -> Iterator[Found]:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
        yield path, f"is not a whole number from 0 to {highest}"


def _rows(name: str, rows: Any) -> Iterator[Found]:
    if rows is None:
        return
    if not isinstance(rows, list):
        yield name, "is not a list"
        return
    needed_texts, texts, choices, needed = ROWS[name]
    for place, row in enumerate(rows):
        path = f"{name}.{place}"
        if not isinstance(row, Mapping):
            yield path, "is not an object"
            continue
        for field in needed_texts:
            value = row.get(field)
            if not isinstance(value, Mapping) or not str(value.get("uz") or "").strip():
                yield f"{path}.{field}.uz", "is missing"
        for field in (*needed_texts, *texts):
            yield from _text(f"{path}.{field}", row.get(field))
        for field, words in choices.items():
            yield from _choice(f"{path}.{field}", row.get(field), words)
        for field in needed:
            if not isinstance(row.get(field), str) or not row[field]:
                yield f"{path}.{field}", "is missing"
            elif field in {"key", "code"} and not KEY.fullmatch(row[field]):
                yield f"{path}.{field}", "is not a key"
        yield from _special(name, path, row)


def _special(name: str, path: str, row: Mapping[str, Any]) -> Iterator[Found]:
    for field, words in (("channel", vocabulary.Channel), ("payer", vocabulary.Payer)):
        if row.get(field) != "any":
            yield from _choice(f"{path}.{field}", row.get(field), words)
    if name == "terms":
        yield from _number(f"{path}.value", row.get("value"), 32767)
        if row.get("unit") not in {None, "automatic"} and row.get("value") is None:
            yield f"{path}.value", "is missing"
    if name == "fees":
        yield from _amount(path, row)
        if row.get("group") and not KEY.fullmatch(str(row["group"])):
            yield f"{path}.group", "is not a key"
    for field in ("date", "effective_from", "effective_to"):
        if row.get(field) is not None and not _is_day(row[field]):
            yield f"{path}.{field}", "is not a date YYYY-MM-DD"


def _amount(path: str, row: Mapping[str, Any]) -> Iterator[Found]:
    multiplier, fixed = row.get("multiplier_bhm"), row.get("fixed_sum_uzs")
    if multiplier is None and fixed is None:
        yield f"{path}.multiplier_bhm", "is missing, and so is fixed_sum_uzs"
    if multiplier is not None:
        try:
            value = Decimal(multiplier) if isinstance(multiplier, str) else Decimal("NaN")
        except InvalidOperation:
            value = Decimal("NaN")
        # Column: nine digits, four of them after the point.
        if not value.is_finite() or not 0 <= value < 100_000 or value != round(value, 4):
            yield f"{path}.multiplier_bhm", "is not a decimal in a string"
    yield from _number(f"{path}.fixed_sum_uzs", fixed, 10**12)


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
