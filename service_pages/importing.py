"""Import services from a file: an operator's act that goes past the gate and says so.

All is validated first, then written in one transaction. Texts enter as translation records, so a
later sync keeps them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Locale, PageLogEntry

from accounts.models import Agency
from core import following, publishing
from core.texts import complete
from core.translating import (
    add_live,
    alias_new,
    translate_new,
    update_translated,
    without_indexing,
)
from languages import registry
from service_pages.building import Built, service_page
from service_pages.models import AgencyPage, Service, ServicePage, Topic
from service_pages.records import SLUG, record_problems, unknown_keys
from service_pages.services import ensure_service, publish_passport

REASON = "imported"
MACHINE = frozenset(registry.DERIVED)
_ACTION = "wagtail.edit"
_URL = re.compile(r"https?://[^\s/]+\S*\Z")


@dataclass
class Outcome:
    """What an import did, or what is wrong with its records."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


def validate(records: list[Any], agency: Agency) -> Outcome:
    """Everything that is wrong, record by record; nothing is written."""
    outcome = Outcome()
    seen: dict[str, int] = {}
    owners = dict(Service.objects.values_list("key", "agency__key"))
    for number, record in enumerate(records, 1):
        slug = record.get("slug") if isinstance(record, Mapping) else None
        name = slug if isinstance(slug, str) and SLUG.fullmatch(slug) else "?"

        def wrong(path: str, message: str, number: int = number, name: str = name) -> None:
            outcome.errors.append(f"record {number} ({name}): {path}: {message}")

        if not isinstance(record, Mapping):
            wrong("record", "must be an object")
            continue
        outcome.unknown.update(unknown_keys(record))
        if name == "?":
            wrong("slug", "must match [a-z0-9-]{1,100}")
        elif name in seen:
            wrong("slug", f"is the slug of record {seen[name]} too")
        elif owners.get(name, agency.key) != agency.key:
            wrong("slug", f"belongs to agency {owners[name]}")
        seen.setdefault(str(slug), number)
        for path, message in record_problems(record):
            if path != "slug":
                wrong(path, message)
        for path, message in _registration_problems(record):
            wrong(path, message)
    return outcome


@transaction.atomic
def import_services(records: list[dict[str, Any]], agency: Agency, locale: str) -> Outcome:
    """Write validated records. `locale` is the language of plain texts (the source)."""
    outcome = Outcome()
    parent = AgencyPage.objects.get(agency=agency, locale__language_code=settings.LANGUAGE_CODE)
    source = parent.locale
    topics = set(Topic.objects.values_list("key", flat=True))
    new: list[tuple[Built, list[Locale]]] = []
    with without_indexing():
        for record in records:
            record = _prepared(record, topics)
            service = ensure_service(record["slug"], agency, **_registration(record))
            built = service_page(service, record, source)
            built.page.keywords = str(record.get("category") or "")[:200]
            given = _given(record)
            present = ServicePage.objects.filter(service=service, locale=source).first()
            digest = _digest(record)
            if present is None:
                parent.refresh_from_db()
                add_live(parent, built.page, REASON)
                new.append((built, given))
                outcome.counts["created"] += 1
            elif _is_as_imported(present, digest):
                outcome.counts["unchanged"] += 1
                continue
            else:
                built.page = _update(present, built, given)
                outcome.counts["updated"] += 1
            _remember(built.page, digest)
        _translate(new)
    for built, _given_locales in new:
        publish_passport(built.page.service, note=REASON)
        publishing.page_changed.send(sender=ServicePage, page=built.page, live=True)
    publishing.bump_generation()
    return outcome


def _translate(new: list[tuple[Built, list[Locale]]]) -> None:
    """Translations where a title is given, aliases elsewhere."""
    others = list(Locale.objects.exclude(language_code=settings.LANGUAGE_CODE))
    groups: dict[tuple[int, ...], list[Built]] = {}
    for built, given in new:
        groups.setdefault(tuple(sorted(row.pk for row in given)), []).append(built)
    for keys, members in groups.items():
        given = [row for row in others if row.pk in keys]
        translate_new([(built.page, built.memory) for built in members], given, MACHINE)
        for built in members:
            alias_new(built.page, [row for row in others if row.pk not in keys])


def _prepared(record: Mapping[str, Any], topics: set[str]) -> dict[str, Any]:
    """The record with its topic, and with the Uzbek summary where a language lacks one."""
    result = dict(record)
    result["title"] = complete(record["title"])
    summary = complete(record.get("summary") or {})
    if summary.get("uz"):
        result["summary"] = summary
    category = record.get("category")
    if category in topics and not record.get("topics"):
        result["topics"] = [category]
    return result


def _given(record: Mapping[str, Any]) -> list[Locale]:
    """Languages that the record has a title in, the derived one always."""
    codes = set(record["title"]) - {settings.LANGUAGE_CODE}
    return list(Locale.objects.filter(language_code__in=codes))


def _registration(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says of the service itself; what it does not name stays as it is."""
    fields: dict[str, Any] = {}
    if "external_id" in record:
        fields["external_id"] = record["external_id"]
    if "external_url" in record:
        fields["external_url"] = record["external_url"] or ""
    if record.get("phase") is not None:
        fields["phase"] = record["phase"]
    if "form" in record:
        fields["form_key"] = record["form"] or ""
    return fields


def _registration_problems(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    number, url, form = (record.get(name) for name in ("external_id", "external_url", "form"))
    if number is not None and (type(number) is not int or not 0 <= number < 2**31):
        found.append(("external_id", "is not a whole number from 0 to 2147483647"))
    if url and not (isinstance(url, str) and len(url) <= 200 and _URL.match(url)):
        found.append(("external_url", "is not a web address of at most 200 letters"))
    if form and not (isinstance(form, str) and SLUG.fullmatch(form)):
        found.append(("form", "is not 1 to 100 letters a–z, digits and hyphens"))
    return found


def _digest(record: Mapping[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _remember(page: ServicePage, digest: str) -> None:
    log(
        instance=page,
        action=_ACTION,
        data={"comment": REASON, "record": digest, "revision": page.latest_revision_id},
    )


def _is_as_imported(page: ServicePage, digest: str) -> bool:
    """Whether the newest import was of this record and nobody has edited the page since."""
    entries = PageLogEntry.objects.filter(page=page.pk, action=_ACTION).order_by("-pk")
    newest = next((entry.data for entry in entries if entry.data.get("record")), None)
    return bool(
        newest and newest["record"] == digest and newest["revision"] == page.latest_revision_id
    )


def _update(page: ServicePage, built: Built, given: list[Locale]) -> ServicePage:
    """Take the record's values into the page, past the gate, and bring translations in step."""
    fresh = built.page
    for name in _CONTENT:
        setattr(page, name, getattr(fresh, name))
    for relation in _RELATIONS:
        setattr(page, relation, list(getattr(fresh, relation).all()))
    with publishing.past_the_gate(REASON), following.paused():
        page.save_revision(log_action=True).publish()
    current = ServicePage.objects.get(pk=page.pk)
    with publishing.past_the_gate(REASON):
        update_translated(current, built.memory, given, MACHINE)
    current.refresh_from_db()
    return current


_CONTENT = frozenset(
    {
        "title", "summary", "result", "result_type", "result_format", "result_validity",
        "result_verifiable", "payment_means", "territory", "eligibility", "redress", "synonyms",
        "national_provider", "fee_status", "fee_mode", "discount_codes", "payment_validity_days",
        "documents_required", "provision_form", "identification_level", "minutes_to_complete",
        "composite", "keywords", "known_gaps", "reviewed_on", "review_due",
    }
)  # fmt: skip
_RELATIONS = (
    "terms", "fees", "documents", "steps", "refusal_grounds", "legal_bases", "questions",
    "samples",
    "channels", "topics", "events", "audiences", "co_agencies", "related",
)  # fmt: skip
