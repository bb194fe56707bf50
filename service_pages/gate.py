"""The publish gate of the passport (reference: requirements.md §4.2).

Real portals publish services with a title and nothing else. Here each missing thing is named in
the editor, and nothing goes live until the list is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.publishing import Problem

if TYPE_CHECKING:
    from service_pages.models import Service, ServicePage


@dataclass(frozen=True)
class Rule:
    """One thing that a passport must have."""

    field: str
    message: str | Promise
    holds: Callable[[ServicePage], bool]


def _some(name: str) -> Callable[[ServicePage], bool]:
    return lambda page: bool(getattr(page, name).all())


def _has_fee(page: ServicePage) -> bool:
    if page.fee_status == "paid":
        return bool(page.fees.all())
    return page.fee_status in {"free", "by_regulation", "by_price_list"}


def _has_documents(page: ServicePage) -> bool:
    return page.documents_required is False or bool(
        page.documents_required and page.documents.all()
    )


RULES = (
    Rule("title", _("The title in Uzbek is missing."), lambda page: bool(page.title.strip())),
    Rule("summary", _("Say in one sentence what the citizen gets."), lambda page: bool(page.summary)),
    Rule("result", _("Say what is handed over in the end."), lambda page: bool(page.result)),
    Rule(
        "responsible_head",
        _("The responsible head and executor are not named, here or at the agency."),
        lambda page: bool(page.responsible_head or page.service.agency.head_post)
        and bool(page.responsible_executor or page.service.agency.executor_post),
    ),
    Rule("audiences", _("Say who may apply."), _some("audiences")),
    Rule("terms", _("Give at least one term."), _some("terms")),
    Rule("fee_status", _("Give the fee, or say that the service is free."), _has_fee),
    Rule("documents", _("List the documents, or say that none are needed."), _has_documents),
    Rule("legal_bases", _("Name the act that the service rests on."), _some("legal_bases")),
    Rule("channels", _("Say where the service is asked for."), _some("channels")),
    Rule("steps", _("Describe how it works, step by step."), _some("steps")),
    Rule("refusal_grounds", _("List the grounds of refusal."), _some("refusal_grounds")),
    Rule("topics", _("Choose a topic."), _some("topics")),
    Rule(
        "contact_phone",
        _("There is no phone and no e-mail, here or at the agency."),
        lambda page: bool(
            page.contact_phone
            or page.contact_email
            or page.service.agency.phone
            or page.service.agency.email
        ),
    ),
    Rule(
        "review_due", _("Say when the text must be checked again."),
        lambda page: page.review_due is not None,
    ),
)  # fmt: skip


_further: dict[str, Callable[[ServicePage], list[Problem]]] = {}


def register(name: str, problems_of: Callable[[ServicePage], list[Problem]]) -> None:
    """A rule of a room above: what it says a page lacks keeps the page from being published."""
    _further[name] = problems_of


_of_rows: dict[str, Callable[[Service], list[Problem]]] = {}


def register_row(name: str, problems_of: Callable[[Service], list[Problem]]) -> None:
    """The same of a service's own row: what it says keeps the row from being changed by hand."""
    _of_rows[name] = problems_of


def row_problems(service: Service) -> list[Problem]:
    """What keeps a service's row from being as it is."""
    return [problem for name in sorted(_of_rows) for problem in _of_rows[name](service)]


def _is_source(page: ServicePage) -> bool:
    return page.locale.language_code == settings.LANGUAGE_CODE


def problems(page: ServicePage) -> list[Problem]:
    """What the passport lacks; empty for a translation, whose structure is its source's."""
    if not _is_source(page):
        return []
    missing = [Problem(rule.field, rule.message) for rule in RULES if not rule.holds(page)]
    found = missing + _contradictions(page)
    return found + [problem for name in sorted(_further) for problem in _further[name](page)]


def _contradictions(page: ServicePage) -> list[Problem]:
    """What is filled in but cannot be so."""
    found = []
    fees = list(page.fees.all())
    if page.fee_status == "free" and fees:
        found.append(Problem("fees", _("The service is free and yet has fees.")))
    if fees and page.fee_mode == "none":
        found.append(Problem("fee_mode", _("Say how the fees go together.")))
    if page.fee_mode == "mixed" and not any(row.group or row.optional for row in fees):
        found.append(Problem("fees", _("Say which fees are alternatives of each other.")))
    if page.fee_mode == "single" and len(fees) > 1:
        found.append(Problem("fee_mode", _("There are several fees: say how they go together.")))
    for name, rows in (("terms", page.terms.all()), ("fees", fees)):
        keys = [row.key for row in rows]
        if len(set(keys)) < len(keys):
            found.append(Problem(name, _("Two rows have the same key.")))
    parent = page.get_parent() if page.path else None
    agency_id = getattr(parent.specific, "agency_id", None) if parent else None
    if agency_id is not None and agency_id != page.service.agency_id:
        found.append(
            Problem("service", _("The service belongs to another agency than the page is under."))
        )
    others = page.service.pages.filter(locale=page.locale_id, alias_of__isnull=True)
    if others.exclude(pk=page.pk).exists():
        found.append(Problem("service", _("Another page describes this service already.")))
    return found


def completeness(page: ServicePage) -> int:
    """Rules that hold ÷ all rules, in whole per cent."""
    return round(100 * sum(rule.holds(page) for rule in RULES) / len(RULES))
