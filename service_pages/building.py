"""Unsaved pages from records in the shape of `services.json` and `agencies.json`.

The demonstration loader and `import_services` use it. Identifiers of rows are derived from the
service's key, so that the same record gives the same rows again. `record_problems` (records.py)
says beforehand what a record gets wrong; here it is taken to be right.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.models import Locale

from accounts.models import Agency
from core.models import District
from core.money import soums
from core.texts import complete
from core.working_time import add_months
from service_pages.models import (
    AgencyPage,
    CoAgency,
    FeeRule,
    LegalBasis,
    LifeEvent,
    ProcedureStep,
    RefusalGround,
    RelatedService,
    RequiredDocument,
    Service,
    ServiceAudience,
    ServiceChannel,
    ServiceLifeEvent,
    ServicePage,
    ServiceQuestion,
    ServiceSample,
    ServiceTopic,
    TermRule,
    Topic,
)
from service_pages.services import ensure_service
from service_pages.vocabulary import ActKind

_NAMESPACE = uuid.UUID("5b0c6f0e-6a5c-4f0b-9a58-0b6b8b3f6f10")
REVIEW_MONTHS = 12

Memory = dict[str, dict[str, str]]


@dataclass
class Built:
    """A page that is not saved yet, and what its Uzbek texts are in the other languages."""

    page: Any
    #: Uzbek text → text map.
    memory: Memory = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, dict[str, str]]]:
        """(Uzbek text, text map) of every text that was set."""
        return list(self.memory.items())

    def text(self, texts: Mapping[str, str] | None, limit: int = 4000) -> str:
        """The Uzbek text of a map, remembered with its translations."""
        if not texts:
            return ""
        whole = complete({code: value.strip()[:limit] for code, value in texts.items() if value})
        source = whole.get("uz", "")
        if source:
            self.memory.setdefault(source, {}).update(whole)
        return source


def _identity(*parts: object) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, "/".join(map(str, parts)))


def agency_page_from_record(
    record: Mapping[str, Any], agency: Agency, language: str = settings.LANGUAGE_CODE
) -> Built:
    """The unsaved page of an agency from its record, in a language."""
    return agency_page(agency, record, Locale.objects.get(language_code=language))


def service_page_from_record(
    record: Mapping[str, Any], agency: Agency, language: str = settings.LANGUAGE_CODE
) -> Built:
    """The unsaved page of a service from its record, in a language.

    The row of the service is made or brought up to date.
    """
    service = ensure_service(
        record.get("key") or record["slug"],
        agency,
        external_id=record.get("external_id"),
        external_url=record.get("external_url") or "",
        phase=record.get("phase", Service.Phase.INFORMATION),
        form_key=record.get("form") or "",
    )
    return service_page(service, record, Locale.objects.get(language_code=language))


def agency_page(agency: Agency, record: Mapping[str, Any], locale: Locale) -> Built:
    """The unsaved page of an agency from its record. The row `agency` is saved already."""
    built = Built(AgencyPage(agency=agency, slug=agency.key, locale=locale))
    page = built.page
    page.translation_key = _identity("agency", agency.key)
    page.title = built.text(record["name"], 255)
    functions = record.get("functions") or {}
    page.functions = [
        (
            "function",
            built.text(
                {code: lines[n] for code, lines in functions.items() if n < len(lines)}, 400
            ),
        )
        for n in range(len(functions.get("uz", [])))
    ]
    page.reviewed_on = timezone.localdate()
    return built


def service_page(
    service: Service, record: Mapping[str, Any], locale: Locale, extras: Mapping[str, Any] = {}
) -> Built:
    """The unsaved page of a service with its passport from its record.

    `extras` has more keys of the record. Keys that are missing leave the passport's field empty:
    the gate names them.
    """
    record = {**record, **extras}
    built = Built(ServicePage(service=service, slug=service.key, locale=locale))
    page, text = built.page, built.text
    page.translation_key = _identity("service", service.key)
    page.title = text(record["title"], 255)
    summary = record.get("summary") or {}
    page.summary = text(summary if summary.get("uz") else {}, 600)
    page.result = text(record.get("result"), 400)
    page.result_type = record.get("result_type") or ""
    page.result_format = record.get("result_format") or ""
    page.result_validity = text(record.get("result_validity"), 100)
    page.result_verifiable = bool(record.get("result_verifiable"))
    page.eligibility = text(record.get("eligibility"), 600)
    page.redress = text(record.get("redress"), 600)
    provider = record.get("national_provider") or ""
    page.national_provider = text(
        provider if isinstance(provider, Mapping) else {"uz": provider}, 300
    )
    synonyms = record.get("synonyms") or {}
    page.synonyms = text({code: "\n".join(words) for code, words in synonyms.items()})
    page.fee_status = record.get("fee_status") or "unknown"
    page.fee_mode = record.get("fee_mode") or "none"
    page.discount_codes = " ".join(record.get("discount_codes") or [])
    page.payment_validity_days = record.get("payment_validity_days")
    page.payment_means = text(record.get("payment_means"), 200)
    page.documents_required = record.get("documents_required")
    page.provision_form = record.get("provision_form") or ""
    page.identification_level = record.get("identification_level") or "account"
    page.minutes_to_complete = record.get("minutes_to_complete")
    page.composite = bool(record.get("composite"))
    page.known_gaps = list(record.get("known_gaps") or [])
    page.keywords = str(record.get("category") or "")[:200]
    page.reviewed_on = timezone.localdate()
    page.review_due = add_months(page.reviewed_on, REVIEW_MONTHS)
    page.territory = District.objects.filter(key=record.get("territory") or "").first()
    _add_rows(built, service, record, locale)
    _add_relations(page, record)
    return built


def _add_rows(built: Built, service: Service, record: Mapping[str, Any], locale: Locale) -> None:
    page, text = built.page, built.text

    def rows(kind: str, model: type[Any], items: list[dict[str, Any]]) -> list[Any]:
        return [
            model(
                locale=locale,
                translation_key=_identity("row", service.key, kind, n),
                sort_order=n,
                **item,
            )
            for n, item in enumerate(items)
        ]

    page.terms = rows("term", TermRule, [
        {
            "key": item["key"], "value": item.get("value"), "unit": item["unit"],
            "channel": _named(item.get("channel")), "condition": text(item.get("condition"), 300),
            "legal_point": text(item.get("legal_point"), 200),
            **_extension(item.get("extension"), text),
        }
        for item in record.get("terms") or []
    ])  # fmt: skip
    page.fees = rows("fee", FeeRule, [
        {
            "key": item["key"], "kind": item["kind"],
            "multiplier": Decimal(item["multiplier_bhm"]) if item.get("multiplier_bhm") else None,
            "fixed_tiyin": (
                soums(item["fixed_sum_uzs"]) if item.get("fixed_sum_uzs") is not None
                and not item.get("multiplier_bhm") else None
            ),
            "channel": _named(item.get("channel")), "payer": _named(item.get("payer")),
            "condition": text(item.get("condition"), 300),
            "legal_point": text(item.get("legal_point"), 200),
            "group": item.get("group") or "", "optional": bool(item.get("optional")),
            "effective_from": _day(item.get("effective_from")),
            "effective_to": _day(item.get("effective_to")),
        }
        for item in _grouped(record.get("fees") or [], page.fee_mode)
    ])  # fmt: skip
    issuers = record.get("issuers") or {}
    page.documents = rows("document", RequiredDocument, [
        {
            "name": text(item["name"], 300), "form": item.get("form") or "",
            "issuer": text(item.get("issuer") or issuers.get(str(n)), 200),
            "source": text(item.get("source"), 200),
            "file_formats": item.get("file_formats") or "",
            "max_size_kb": item.get("max_size_kb"),
            "obtained_automatically": bool(item.get("obtained_automatically")),
            "required": item.get("required", True) is not False,
            "condition": text(item.get("condition"), 300),
        }
        for n, item in enumerate(record.get("documents") or [])
    ])  # fmt: skip
    page.steps = rows("step", ProcedureStep, [
        {"actor": item["actor"], "action": text(item["action"], 400), "term": text(item.get("term"), 100)}
        for item in sorted(record.get("steps") or [], key=lambda step: step.get("order", 0))
    ])  # fmt: skip
    page.refusal_grounds = rows("ground", RefusalGround, [
        {
            "code": item["code"], "text": text(item["text"], 400),
            "legal_point": text(item.get("legal_point"), 200),
            "curable": bool(item.get("curable")), "cure_days": item.get("cure_days"),
        }
        for item in record.get("refusal_grounds") or []
    ])  # fmt: skip
    page.legal_bases = rows("basis", LegalBasis, [
        {
            "kind": item["type"] if item["type"] in ActKind.values else ActKind.OTHER,
            "number": item.get("number") or "", "issued_on": _day(item.get("date")),
            "title": text(item["title"], 400), "point": item.get("point") or "",
            "url": item.get("url") or "",
        }
        for item in record.get("legal_basis") or []
    ])  # fmt: skip
    page.samples = rows("sample", ServiceSample, [
        {
            "key": item.get("key") or f"{item['kind']}-{n}", "kind": item["kind"],
            "title": text(item["title"], 200), "note": text(item.get("note"), 300),
            "text": text(item["text"]),
        }
        for n, item in enumerate(record.get("samples") or [], 1)
    ])  # fmt: skip
    page.questions = rows("question", ServiceQuestion, [
        {"question": text(item["question"], 300), "answer": text(item["answer"])}
        for item in record.get("questions") or []
    ])  # fmt: skip


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _named(value: str | None) -> str:
    """Data files say `any` where a rule holds for all; the passport leaves it empty."""
    return "" if value in {None, "any"} else str(value)


def _extension(extension: Any, text: Callable[..., str]) -> dict[str, Any]:
    if not isinstance(extension, Mapping):
        return {}
    return {
        "extension_value": extension.get("value"),
        "extension_unit": extension.get("unit") or "",
        "extension_condition": text(extension.get("condition"), 300),
    }


def _grouped(fees: list[dict[str, Any]], mode: str) -> list[dict[str, Any]]:
    """Fees with the groups of their alternatives.

    `services.json` says only `mixed`: a fixed part, which comes first, and one by case. A record
    may be more exact with `group` and `optional`.
    """
    if mode != "mixed" or any(item.get("group") or item.get("optional") for item in fees):
        return fees
    return fees[:1] + [item | {"group": "case"} for item in fees[1:]]


def _add_relations(page: ServicePage, record: Mapping[str, Any]) -> None:
    topics = {
        topic.key: topic for topic in Topic.objects.filter(key__in=record.get("topics") or [])
    }
    page.topics = [
        ServiceTopic(topic=topics[key], sort_order=n)
        for n, key in enumerate(record.get("topics") or [])
        if key in topics
    ]
    events = {
        event.key: event
        for event in LifeEvent.objects.filter(key__in=record.get("life_events") or [])
    }
    page.events = [
        ServiceLifeEvent(event=events[key], sort_order=n)
        for n, key in enumerate(record.get("life_events") or [])
        if key in events
    ]
    page.audiences = [
        ServiceAudience(category=category, sort_order=n)
        for n, category in enumerate(record.get("applicant_categories") or [])
    ]
    page.channels = [
        ServiceChannel(channel=channel, sort_order=n)
        for n, channel in enumerate(record.get("channels") or [])
    ]
    agencies = Agency.objects.filter(key__in=record.get("co_agencies") or [])
    page.co_agencies = [CoAgency(agency=agency, sort_order=n) for n, agency in enumerate(agencies)]
    page.related = related_rows(page.service, record.get("related") or [])


def related_rows(
    service: Service, related: Iterable[Mapping[str, str] | str]
) -> list[RelatedService]:
    """Rows of related services: keys, or `{"service": key, "kind": before|after|related}`.

    Services that do not exist yet are left out: a loader sets them once all are there.
    """
    kinds = {
        (item if isinstance(item, str) else item["service"]): (
            RelatedService.Kind.RELATED
            if isinstance(item, str)
            else item.get("kind", RelatedService.Kind.RELATED)
        )
        for item in related
    }
    others = {other.key: other for other in Service.objects.filter(key__in=kinds)}
    return [
        RelatedService(service=others[key], kind=kind, sort_order=n)
        for n, (key, kind) in enumerate(kinds.items())
        if key in others and key != service.key
    ]
