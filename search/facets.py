"""Facets of results as lists of links with counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Agency
from core.texts import pick
from search.addresses import ALL, KINDS, YES_OR_NO, Address
from search.engine import Answer, Facet
from service_pages import reference
from service_pages.vocabulary import Audience

#: kind of documents → (many of them, one of them)
KIND_LABELS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "service": (gettext_lazy("Services"), gettext_lazy("Service")),
    "agency": (gettext_lazy("Organisations"), gettext_lazy("Organisation")),
    "section": (gettext_lazy("Sections"), gettext_lazy("Section")),
    "page": (gettext_lazy("Information"), gettext_lazy("Information")),
    "contact": (gettext_lazy("Contact"), gettext_lazy("Contact")),
    "document": (gettext_lazy("Documents"), gettext_lazy("Document")),
    "announcement": (gettext_lazy("Announcements"), gettext_lazy("Announcement")),
}
_ALL_KINDS = pgettext_lazy("kinds of pages", "Everything")
#: So many values of a facet are listed unless all are asked for.
_LISTED = 8
Menu = dict[str, Any]


def kinds(answer: Answer, address: Address) -> Menu | None:
    """Kinds of documents; None where there is one kind and nothing to choose."""
    counts = {value.key: value.count for value in _values(answer, "type")}
    now = address.kind or "service"
    if not set(counts) - {now}:
        return None
    items = [
        _option(KIND_LABELS[kind][0], address.of_kind(kind), counts.get(kind, 0), kind == now)
        for kind in KINDS
        if counts.get(kind) or kind == now
    ]
    total = sum(counts.values())
    items.append(_option(_ALL_KINDS, address.of_kind(ALL), total, now == ALL))
    return {"id": "type", "title": _("Type of page"), "items": items}


def menus(answer: Answer, address: Address, language: str) -> list[Menu]:
    """The other facets, each value a link that narrows or widens."""
    found = [
        {
            "id": "how",
            "title": _("How"),
            "items": [
                *_items(answer, address, "online",
                        {"yes": _("Online on this portal"), "no": _("Not online")}),
                *_items(answer, address, "free",
                        {"yes": _("Free"), "no": _("Paid or price not known")}),
            ],
        },
        _menu(answer, address, "audience", _("For whom"),
              {value: str(label) for value, label in Audience.choices}),
        _menu(answer, address, "topic", _("Topic"),
              {key: pick(row.name, language) for key, row in reference.topics().items()}),
        _menu(answer, address, "event", _("Life situation"),
              {key: pick(row.name, language) for key, row in reference.events().items()}),
        _menu(answer, address, "agency", _("Organisation"), _agencies(answer, address, language)),
    ]  # fmt: skip
    return [menu for menu in found if menu["items"]]


def _values(answer: Answer, name: str) -> tuple[Any, ...]:
    facet = next((facet for facet in answer.facets if facet.name == name), Facet(name, ()))
    return facet.values


def _agencies(answer: Answer, address: Address, language: str) -> dict[str, str]:
    keys = {value.key for value in _values(answer, "agency")}
    keys |= address.chosen.get("agency", frozenset())
    return {row.key: row.label(language) for row in Agency.objects.filter(key__in=keys)}


def _items(
    answer: Answer, address: Address, name: str, labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Options of a facet: those that leave something, and those chosen."""
    chosen = address.chosen.get(name, frozenset())
    counts = {value.key: value.count for value in _values(answer, name)}
    # What all results have narrows nothing.
    if len(counts) < 2 and not chosen:
        return []
    order = list(labels) if name in YES_OR_NO else [*counts, *sorted(chosen - set(counts))]
    return [
        _option(labels[key], address.toggled(name, key), counts.get(key, 0), key in chosen)
        for key in order
        if key in labels and (key in counts or key in chosen)
    ]


def _menu(
    answer: Answer, address: Address, name: str, title: str, labels: Mapping[str, str]
) -> Menu:
    items = _items(answer, address, name, labels)
    menu: Menu = {"id": name, "title": title, "items": items}
    if len(items) > _LISTED + 1 and name not in address.whole:
        menu["items"] = [item for n, item in enumerate(items) if n < _LISTED or item["current"]]
        menu["more"] = "?" + address.listing(name).query() + f"#{name}"
        menu["more_count"] = len(items)
    return menu


def _option(label: Any, address: Address, count: int, current: bool) -> dict[str, Any]:
    return {"label": label, "url": "?" + address.query(), "count": count, "current": current}
