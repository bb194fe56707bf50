"""A service as its page shows it: facts, price, promised date, offices, the way to apply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import IdentityLevel
from core.links import page_path
from core.publishing import generation
from core.texts import pick
from languages import registry
from languages.acts import act_number
from languages.dates import format_money
from service_pages import apply_links, pricing, reference, terms, vocabulary
from service_pages.compile import compile_passport
from service_pages.models.rows import CatalogueEntry
from service_pages.passport import Passport, current, newest_version
from service_pages.selectors import crumbs, offices, phone

if TYPE_CHECKING:
    from service_pages.models import ServicePage


#: Seconds for which the rendered passport is kept: the promised date moves when offices close.
LIFETIME = 600


def service_page(
    page: ServicePage, language: str, params: QueryDict, *, preview: bool
) -> dict[str, Any]:
    """The page's frame and the rendered passport.

    What a version says in a language is rendered once a day and content generation: rendering it
    is most of what a page costs. A preview and a price asked for are rendered anew.
    """
    # View count and foot of the page ask for it too.
    page.service = reference.service(page.service_id)
    if preview or params:
        return _rendered(page, language, params, preview=preview)
    version = newest_version(page.service_id)
    key = f"passport:{generation()}:{version}:{page.pk}:{language}:{timezone.localdate()}"
    shown: dict[str, Any] | None = cache.get(key)
    if shown is None:
        shown = _rendered(page, language, params, preview=False)
        cache.set(key, shown, LIFETIME)
    return shown


def _rendered(
    page: ServicePage, language: str, params: QueryDict, *, preview: bool
) -> dict[str, Any]:
    context = passport_context(page, language, params, preview=preview)
    return {
        # Plain: these stand in attributes, where no element may mark a language.
        "title": str(context["passport"]["title"]),
        "summary": str(context["passport"]["summary"]),
        "crumbs": context["crumbs"],
        "has_form": bool(context["price"]["choices"] or context["price"]["discounts"]),
        "passport_html": render_to_string("service_pages/_passport.html", context),
    }


def compiled(page: ServicePage, *, preview: bool) -> Passport:
    """The published passport; compiled in memory for a preview and before the first version.

    Raises LookupError where the service has no page in Uzbek.
    """
    kept = None if preview else current(page.service)
    if kept is not None:
        return kept
    others = page.service.pages.filter(alias_of__isnull=True).exclude(locale=page.locale_id)
    return Passport(
        compile_passport(page.service, [*others.select_related("locale", "territory"), page])
    )


def passport_context(
    page: ServicePage, language: str, params: QueryDict, *, preview: bool
) -> dict[str, Any]:
    """The passport in a language with price, promised date, offices and the way to apply."""
    kept = compiled(page, preview=preview)
    content = kept.texts(language)
    service = page.service
    agency = service.agency
    now = timezone.now()
    agency_path = page_path(page.url_path.rsplit("/", 2)[0] + "/", language)
    agency_name = pick(agency.name, language)
    closed = service.status in {service.Status.SUSPENDED, service.Status.RETIRED}
    shown_terms = [_term(term, now) for term in content["terms"]]
    documents = [_document(row) for row in content["documents"]]
    context = {
        "page": page,
        "passport": content,
        "service": service,
        "registry_number": service.registry_number,
        "agency": agency,
        "agency_name": agency_name,
        "agency_path": agency_path,
        "other_channels": [
            vocabulary.Channel(c).label for c in content["channels"] if c != vocabulary.Channel.PORTAL
        ],
        "promised": next((term["promised"] for term in shown_terms if term["promised"]), None),
        "crumbs": crumbs(language, (agency_name, agency_path)),
        "terms": shown_terms,
        "price": pricing.price(content, params, timezone.localtime(now).date(), language),
        "apply": None if closed else apply_links.link_for(service),
        "closed": closed,
        "in_test": service.status == service.Status.TEST,
        "office_groups": offices(agency, language, service.key, content["co_agencies"]),
        "phone": phone(number) if (number := content.get("contact_phone") or agency.phone) else None,
        "hotline": phone(agency.hotline) if agency.hotline else None,
        "email": content.get("contact_email") or agency.email,
        "channel_labels": [vocabulary.Channel(c).label for c in content["channels"]],
        "audience_labels": [vocabulary.Audience(c).label for c in content["audiences"]],
        "result_format": _label(vocabulary.ResultFormat, content.get("result_format")),
        "steps": [
            step | {"actor_label": vocabulary.Actor(step["actor"]).label}
            for step in content["steps"]
        ],
        "asked": [row for row in documents if not row["obtained_automatically"]],
        "automatic": [row for row in documents if row["obtained_automatically"]],
        "laws": [
            law | {
                "kind_label": _label(vocabulary.ActKind, law["kind"]),
                "number": act_number(law["number"], language),
                "point": act_number(law["point"], language),
                "issued": date.fromisoformat(law["issued_on"]) if law["issued_on"] else None,
            }
            for law in content["legal_bases"]
        ],
        "samples": [
            row | {
                "kind_label": _label(vocabulary.SampleKind, row["kind"]),
                "url": reverse("catalogue:sample", args=[service.key, row["key"]]),
            }
            for row in content["samples"]
        ],
        "gaps": content["known_gaps"],
        "gaps_text": ", ".join(_label(vocabulary.Gap, gap) for gap in content["known_gaps"]),
        "partly_translated": kept.missing_in(language),
        "related": related(content["related"], language),
        "identity": IdentityLevel(content["identification_level"]).label,
        "topics": [
            {"key": key, "name": pick(topic.name, language)}
            for key, topic in reference.topics().items()
            if key in content["topics"]
        ],
    }  # fmt: skip
    return context | {
        "facts": _facts(context, language),
        "parts": _parts(context),
        "json_ld": json_ld(context, language),
    }


def _facts(context: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Price, term, audience, documents and place, each leading to its part of the page."""
    content, asked = context["passport"], len(context["asked"])
    first = context["terms"][0] if context["terms"] else None
    if asked:
        papers = ngettext("%(n)d document", "%(n)d documents", asked) % {"n": asked}
    else:
        papers = _("not needed") if content["documents_required"] is False else _("not known yet")
    where = context["channel_labels"]
    facts = [
        ("coins", _("Price"), price_text(context["price"], language), "#price"),
        ("clock", _("Term"), first["text"] if first else "", "#term"),
        ("users", _("For whom"), ", ".join(map(str, context["audience_labels"])), ""),
        ("document", _("Documents"), papers, "#prepare"),
        (
            "pin",
            _("Where"),
            ", ".join(map(str, where)),
            "#offices" if context["office_groups"] else "",
        ),
    ]
    return [
        {"icon": sign, "label": label, "value": value, "href": href}
        for sign, label, value, href in facts
        if value
    ]


def price_text(price: Mapping[str, Any], language: str) -> str:
    """`Free`, `18 540 soʻm`, `37 080 soʻm – 412 000 soʻm`, or what is known instead."""
    if price["status"] == "free":
        return _("Free")
    if "lowest" not in price:
        return str(
            vocabulary.FeeStatus.UNKNOWN.label
            if price["status"] == "paid"
            else price["status_label"]
        )
    lowest, highest = (format_money(price[end], language) for end in ("lowest", "highest"))
    return lowest if lowest == highest else f"{lowest} – {highest}"


def _parts(context: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(anchor, heading) of the parts that the page has, in their order."""
    content = context["passport"]
    parts = [
        ("prepare", _("What to prepare"), True),
        ("samples", _("Blank forms and samples"), context["samples"]),
        ("price", _("Price"), True),
        ("term", _("How long it takes"), context["terms"]),
        ("steps", _("How it works"), context["steps"]),
        ("result", _("What you get"), content["result"]),
        ("offices", _("Where to go"), context["office_groups"]),
        ("refusal", _("When it may be refused"), content["refusal_grounds"]),
        ("complain", _("How to complain"), True),
        ("questions", _("Questions and answers"), content["questions"]),
        ("law", _("Legal basis"), context["laws"]),
        ("related", _("Before and after this service"), context["related"]),
    ]
    return [(anchor, label) for anchor, label, there in parts if there]


def _label(words: Any, value: str | None) -> str:
    """The label of a choice; an empty text for none or for a word that was dropped since."""
    return str(words(value).label) if value in words.values else ""


def _document(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"form_label": _label(vocabulary.DocumentForm, row["form"])}


def term_text(value: int | None, unit: str) -> str:
    """A term in words: `3 working days`, `the same day`, `at once, automatically`."""
    if unit == "automatic" or value is None:
        return _("at once, automatically")
    if value == 0 and unit in terms.IN_DAYS:
        return _("the same day")
    texts = {
        "minutes": ngettext("%(n)d minute", "%(n)d minutes", value),
        "hours": ngettext("%(n)d hour", "%(n)d hours", value),
        "working_hours": ngettext("%(n)d working hour", "%(n)d working hours", value),
        "working_days": ngettext("%(n)d working day", "%(n)d working days", value),
        "calendar_days": ngettext("%(n)d calendar day", "%(n)d calendar days", value),
        "months": ngettext("%(n)d month", "%(n)d months", value),
    }
    return texts[unit] % {"n": value}


def _term(term: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A term in words, with the date on which it would end if the request were sent now."""
    in_days = term["unit"] in terms.IN_DAYS and term["value"] is not None
    extension = term.get("extension_value")
    return term | {
        "text": term_text(term["value"], term["unit"]),
        "channel_label": _label(vocabulary.Channel, term["channel"]),
        "promised": terms.end_of(term, now) if in_days else None,
        "extension": term_text(extension, term["extension_unit"]) if extension else "",
    }


def related(rows: list[dict[str, str]], language: str) -> list[dict[str, Any]]:
    """Entries of related services by kind, in one query or none."""
    if not rows:
        return []
    entries = {
        entry.service.key: entry
        for entry in CatalogueEntry.objects.filter(
            language=language, service__key__in=[row["service"] for row in rows]
        ).select_related("service")
    }
    labels = {"before": _("Needed before"), "after": _("Often follows"), "related": _("Related")}
    groups = []
    for kind, label in labels.items():
        found = [
            entries[r["service"]] for r in rows if r["kind"] == kind and r["service"] in entries
        ]
        if found:
            groups.append({"label": label, "entries": found})
    return groups


def json_ld(context: Mapping[str, Any], language: str) -> SafeString:
    """schema.org GovernmentService of a passport (requirements.md §8).

    A data block, never executed. `<`, `>` and `&` are escaped, so that no text can close it.
    """
    content, agency = context["passport"], context["agency"]
    data = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "identifier": context["registry_number"],
        "name": content["title"],
        "description": content["summary"],
        "inLanguage": registry.by_code(language).bcp47,
        "serviceOutput": content["result"],
        "audience": [
            {"@type": "Audience", "audienceType": str(a)} for a in context["audience_labels"]
        ],
        "provider": {
            "@type": "GovernmentOrganization",
            "name": context["agency_name"],
            "telephone": agency.phone,
        },
        "termsOfService": content["eligibility"],
        "isRelatedTo": [
            {"@type": "GovernmentService", "name": entry.title}
            for group in context["related"]
            for entry in group["entries"]
        ],
    }
    if context["price"]["status"] == "free":
        data["offers"] = {"@type": "Offer", "price": 0, "priceCurrency": "UZS"}
    elif "lowest" in context["price"]:
        data["offers"] = {
            "@type": "AggregateOffer",
            "lowPrice": context["price"]["lowest"] // 100,
            "highPrice": context["price"]["highest"] // 100,
            "priceCurrency": "UZS",
        }
    filled = {key: value for key, value in data.items() if value}
    text = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return mark_safe(text)  # noqa: S308  escaped above
