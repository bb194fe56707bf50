"""What a line of the registry says of a service (requirements.md §5.1), in all languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.texts import pick
from languages.acts import act_number
from languages.dates import format_date
from registry.models import AgendaItem, Decision
from service_pages import vocabulary
from service_pages.models import CatalogueEntry, PassportVersion, Service
from service_pages.presenting import term_text

#: Columns in the order of the table, with their names for people.
COLUMNS = {
    "registry_number": _("Registry number"),
    "title": _("Service"),
    "agency": _("Agency"),
    "audiences": _("Who may apply"),
    "form": _("Form"),
    "phase": _("Phase"),
    "status": _("Status"),
    "fee": _("Payment"),
    "term": _("Term"),
    "head": _("Responsible head"),
    "executor": _("Responsible executor"),
    "legal_basis": _("Legal basis"),
    "planned_on": _("Planned to start"),
    "launched_on": _("Started"),
    "decision": _("Decision of the council"),
    "passport": _("Version of the passport"),
}
#: Statuses that a reader may use the service in.
IN_USE = frozenset({vocabulary.Status.LIVE, vocabulary.Status.TEST})


def lines(services: Iterable[Service]) -> dict[int, dict[str, Any]]:
    """service id → content of its line, in a fixed number of queries."""
    chosen = list(services)
    ids = [service.pk for service in chosen]
    newest = _newest_versions(ids)
    agencies = Agency.objects.in_bulk({service.agency_id for service in chosen})
    decisions = _decisions(ids)
    return {
        service.pk: _line(
            service,
            agencies[service.agency_id],
            newest.get(service.pk),
            decisions.get(service.pk),
        )
        for service in chosen
    }


def called(services: Iterable[Service], language: str) -> dict[int, str]:
    """service id → number and title, as people know it; its key where it was never published. One
    query, and each service has it as `called` for templates."""
    rows = list(services)
    entries = CatalogueEntry.objects.filter(service__in={row.pk for row in rows}, language=language)
    titles = dict(entries.values_list("service_id", "title"))
    found = {}
    for row in rows:
        found[row.pk] = f"{row.registry_number} · {titles.get(row.pk, row.key)}"
        setattr(row, "called", found[row.pk])  # noqa: B010
    return found


def _newest_versions(ids: list[int]) -> dict[int, PassportVersion]:
    found: dict[int, PassportVersion] = {}
    rows = PassportVersion.objects.filter(service_id__in=ids).order_by("service_id", "number")
    for version in rows.iterator(500):
        found[version.service_id] = version
    return found


def _decisions(ids: list[int]) -> dict[int, Decision]:
    """The last adopted decision about each service."""
    rows = (
        AgendaItem.objects.filter(service_id__in=ids, outcome=AgendaItem.Outcome.ADOPTED)
        .select_related("decision")
        .order_by("decision__decided_on", "decision_id")
    )
    return {row.service_id: row.decision for row in rows if row.service_id and row.decision}


def _line(
    service: Service, agency: Agency, version: PassportVersion | None, decision: Decision | None
) -> dict[str, Any]:
    content: dict[str, Any] = version.content if version else {}
    head, executor = content.get("responsible_head"), content.get("responsible_executor")
    return {
        "key": service.key,
        "registry_number": service.registry_number,
        "title": content.get("title") or {"uz": service.key},
        "agency": {"key": agency.key, "name": agency.name},
        "audiences": list(content.get("audiences", [])),
        "form": content.get("provision_form", ""),
        "phase": service.phase,
        "status": service.status,
        "fee": content.get("fee_status", ""),
        "term": _term(content),
        "head": {"uz": head} if head else agency.head_post,
        "executor": {"uz": executor} if executor else agency.executor_post,
        "legal_basis": [
            {name: row.get(name) for name in ("kind", "number", "issued_on", "point", "title")}
            for row in content.get("legal_bases", [])
        ],
        "planned_on": service.planned_on.isoformat() if service.planned_on else "",
        "launched_on": service.launched_on.isoformat() if service.launched_on else "",
        "decision": {"number": decision.number, "on": decision.decided_on.isoformat()}
        if decision
        else {},
        "passport": version.number if version else 0,
    }


def _term(content: Mapping[str, Any]) -> dict[str, Any]:
    terms = content.get("terms") or []
    return {name: terms[0].get(name) for name in ("value", "unit")} if terms else {}


def shown(name: str, content: Mapping[str, Any], language: str) -> str:
    """A column of a line as text for a reader of `language`, the active language."""
    value = content.get(name)
    if not value and value != 0:
        return ""
    if name in _WORDS:
        return str(_WORDS[name](value).label)
    if name in {"title", "head", "executor"}:
        return pick(value, language)
    return _SHOWN.get(name, _plain)(value, language)


def _plain(value: Any, _language: str) -> str:
    return str(value)


def _agency(value: Any, language: str) -> str:
    return pick(value["name"], language)


def _audiences(value: Any, _language: str) -> str:
    return ", ".join(str(vocabulary.Audience(key).label) for key in value)


def _term_text(value: Any, _language: str) -> str:
    return term_text(value.get("value"), value["unit"])


def _fee(value: Any, _language: str) -> str:
    # "paid" is a word for invoices, too, and other languages have two words.
    paid = value == vocabulary.FeeStatus.PAID
    return str(_("with a fee")) if paid else str(vocabulary.FeeStatus(value).label)


def _acts(value: Any, language: str) -> str:
    return "; ".join(_act(row, language) for row in value)


def _act(row: Mapping[str, Any], language: str) -> str:
    kind = str(vocabulary.ActKind(row["kind"]).label) if row.get("kind") else ""
    number = f"№ {act_number(row['number'], language)}" if row.get("number") else ""
    day = _day(row["issued_on"], language) if row.get("issued_on") else ""
    parts = [kind, number, day, pick(row.get("title") or {}, language)]
    return " ".join(filter(None, parts))


def _day(value: Any, language: str) -> str:
    return format_date(date.fromisoformat(value), language)


def _decision(value: Any, language: str) -> str:
    return f"№ {value['number']}, {_day(value['on'], language)}"


_WORDS: dict[str, Any] = {
    "form": vocabulary.ProvisionForm,
    "phase": vocabulary.Phase,
    "status": vocabulary.Status,
}
_SHOWN: dict[str, Any] = {
    "agency": _agency,
    "fee": _fee,
    "audiences": _audiences,
    "term": _term_text,
    "legal_basis": _acts,
    "planned_on": _day,
    "launched_on": _day,
    "decision": _decision,
}
