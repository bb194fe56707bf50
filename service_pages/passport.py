"""A published passport as pages and other rooms read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.html import format_html

from core.rows import find
from core.texts import pick, pick_with_language
from languages import registry
from languages.dates import format_date
from service_pages.models.rows import PassportVersion, Service
from service_pages.vocabulary import ActKind

#: Texts of the page: text maps in a version.
PAGE_TEXTS = (
    "title", "summary", "result", "result_validity", "eligibility", "redress", "national_provider",
    "payment_means",
)  # fmt: skip
#: Neutral values of the page, read from the Uzbek one.
PAGE_VALUES = (
    "result_type", "result_format", "result_verifiable", "fee_status", "fee_mode",
    "payment_validity_days", "documents_required", "provision_form", "identification_level",
    "minutes_to_complete", "composite", "responsible_head", "responsible_executor",
    "contact_phone", "contact_email", "known_gaps", "keywords",
)  # fmt: skip
#: relation → (texts, neutral values)
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "terms": (
        ("condition", "extension_condition", "legal_point"),
        ("key", "value", "unit", "channel", "extension_value", "extension_unit"),
    ),
    "fees": (
        ("condition", "legal_point"),
        ("key", "kind", "multiplier", "fixed_tiyin", "channel", "payer", "group", "optional",
         "effective_from", "effective_to"),
    ),
    "documents": (
        ("name", "issuer", "condition", "source"),
        ("form", "obtained_automatically", "required", "file_formats", "max_size_kb"),
    ),
    "steps": (("action", "term"), ("actor",)),
    "refusal_grounds": (("text", "legal_point"), ("code", "curable", "cure_days")),
    "legal_bases": (("title",), ("kind", "number", "issued_on", "point", "url")),
    "questions": (("question", "answer"), ()),
    "samples": (("title", "note", "text"), ("key", "kind")),
}  # fmt: skip


class ForeignText(str):
    """A text that is in another language than the page around it, and says so in HTML."""

    __slots__ = ("language",)
    language: str

    def __html__(self) -> str:
        return format_html(
            '<span lang="{}">{}</span>', registry.by_code(self.language).bcp47, str(self)
        )


def shown_text(texts: Mapping[str, str], language: str) -> str:
    """The text for a reader of `language`; marked where it stands in for a missing one."""
    text, code = pick_with_language(texts, language)
    if code == language or not text:
        return text
    foreign = ForeignText(text)
    foreign.language = code
    return foreign


def _act(law: Mapping[str, Any], language: str) -> str:
    """`Vazirlar Mahkamasi qarori № 612, 2023-yil 20-noyabr, 5-band`: what is known of it."""
    with translation.override(language):
        kind = str(ActKind(law["kind"]).label) if law.get("kind") in ActKind.values else ""
    number = f"№ {law['number']}" if law.get("number") else ""
    issued = law.get("issued_on")
    day = format_date(date.fromisoformat(issued), language) if issued else ""
    point = pick(law["point"], language) if isinstance(law.get("point"), dict) else law.get("point")
    name = " ".join(part for part in (kind, number) if part)
    return ", ".join(str(part) for part in (name, day, point) if part)


@dataclass(frozen=True)
class Passport:
    """The content of a version (or of a preview, which has none)."""

    content: dict[str, Any]
    version: PassportVersion | None = None

    def text(self, name: str, language: str) -> str:
        """A text of the page, such as `result`, for a reader of `language`."""
        return pick(self.content.get(name) or {}, language)

    def title(self, language: str) -> str:
        """The title for a reader of `language`."""
        return self.text("title", language)

    @property
    def terms(self) -> list[dict[str, Any]]:
        """Terms with text maps."""
        return list(self.content["terms"])

    @property
    def fees(self) -> list[dict[str, Any]]:
        """Fee rules with text maps."""
        return list(self.content["fees"])

    def texts(self, language: str) -> dict[str, Any]:
        """Everything, with every text map replaced by its text for a reader of `language`."""
        shown = dict(self.content)
        for name in PAGE_TEXTS:
            shown[name] = shown_text(shown.get(name) or {}, language)
        for relation, (names, _values) in ROWS.items():
            shown[relation] = [
                row | {name: shown_text(row.get(name) or {}, language) for name in names}
                # A version from before there were such rows has none.
                for row in self.content.get(relation, [])
            ]
        return shown

    def law_of(self, rule: Mapping[str, Any]) -> dict[str, str]:
        """What sets a fee, as a text map: its own point of law, else the first act that the service
        rests on, by kind, number and day. Empty where the passport names none."""
        own = rule.get("legal_point")
        laws = self.content.get("legal_bases") or []
        if own or not laws:
            return dict(own or {})
        return {code: _act(laws[0], code) for code in registry.CODES}

    def missing_in(self, language: str) -> bool:
        """Whether some text is shown in another language than the reader's."""
        own = self.content["languages"].get(language)
        return not own["complete"] if own else language != "uz-cyrl"

    def term(self, key: str = "") -> dict[str, Any] | None:
        """The term with a key; the first one where no key is given or none fits."""
        terms = self.content["terms"]
        return next((term for term in terms if term["key"] == key), terms[0] if terms else None)

    def sample(self, key: str, language: str) -> dict[str, Any] | None:
        """The blank form or sample with a key, for a reader of `language`."""
        return next((row for row in self.texts(language)["samples"] if row["key"] == key), None)

    def ground(self, code: str) -> dict[str, Any] | None:
        """The ground of refusal with a code."""
        grounds: list[dict[str, Any]] = self.content["refusal_grounds"]
        return next((ground for ground in grounds if ground["code"] == code), None)


def current(service: Service) -> Passport | None:
    """The newest published passport, or None."""
    version = find(PassportVersion, newest="number", service_id=service.pk)
    return Passport(version.content, version) if version else None


def newest_version(service_id: int) -> int | None:
    """Primary key of the newest version, or None before the first."""
    rows = PassportVersion.objects.filter(service_id=service_id).order_by("-number")
    return rows.values_list("pk", flat=True).first()


def on(service: Service, day: date) -> Passport | None:
    """The passport as it stood at the end of a day, or None before the first."""
    version = (
        PassportVersion.objects.filter(published_at__date__lte=day, service=service)
        .order_by("-number")
        .first()
    )
    return Passport(version.content, version) if version else None
