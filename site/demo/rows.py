"""Plain rows of the demonstration: districts, amounts, agencies, topics, furniture."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Agency, AgencyName
from core.models import BaseAmount, District
from core.money import soums
from core.texts import complete
from demo.reading import items, load
from home.models import MenuItem, Notice, Phone, UsefulLink
from service_pages.models import Discount, LifeEvent, Office, Topic


def load_rows() -> None:
    """Create or update all plain rows."""
    _districts()
    _amounts()
    _topics()
    _discounts()
    _agencies()
    _offices()
    _furniture()


def _put(model: type[Any], key: dict[str, Any], values: dict[str, Any]) -> Any:
    """Create, or update where something differs; nothing is written where nothing changed."""
    row = model.objects.filter(**key).first()
    if row is None:
        return model.objects.create(**key, **values)
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    return row


def _districts() -> None:
    data = load("districts")
    region = data["region"]
    _put(
        District,
        {"key": region["key"]},
        {"order": 0, "kind": "republic", "name": complete(region["name"]), "centre": {}},
    )
    for item in data["items"]:
        _put(
            District,
            {"key": item["key"]},
            {
                "order": item["order"],
                "kind": item["kind"],
                "name": complete(item["name"]),
                "centre": complete(item["centre"] or {}),
            },
        )


def _amounts() -> None:
    for item in items("bhm"):
        act = item.get("act") or {}
        _put(
            BaseAmount,
            {"effective_from": date.fromisoformat(item["effective_from"])},
            {
                "amount_tiyin": int(soums(item["amount_uzs"])),
                "act": {name: act[name] for name in ("type", "number", "date") if act.get(name)},
            },
        )


def _topics() -> None:
    data = load("topics")
    for item in data["themes"]:
        values = {
            "order": item["order"],
            "name": complete(item["name"]),
            "icon": item["icon"] or "",
        }
        _put(Topic, {"key": item["key"]}, values)
    for item in data["life_events"]:
        values = {
            "order": item["order"],
            "kind": item["kind"],
            "audience": item["audience"] or [],
            "name": complete(item["name"]),
        }
        _put(LifeEvent, {"key": item["key"]}, values)


def _discounts() -> None:
    for item in load("services")["discounts"]:
        _put(
            Discount,
            {"code": item["code"]},
            {
                "percent": item["percent"],
                "applies_to": item["applies_to"],
                "channels": item["channels"],
                "groups": [
                    {"key": group["key"], "name": complete(group["name"])}
                    for group in item["groups"]
                ],
                "exclusions": complete(item["exclusions"]),
            },
        )


#: Letters that a code may have: no I and no O.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def code_of(key: str, taken: set[str]) -> str:
    """Three letters for an agency: from its key, without I and O, unlike any other's."""
    plain = [c for c in key.upper() if c in _LETTERS]
    for second in range(1, len(plain)):
        for third in range(second + 1, len(plain)):
            code = plain[0] + plain[second] + plain[third]
            if code not in taken:
                return code
    raise LookupError(f"No code is left for {key}.")


def _agencies() -> None:
    districts = {row.key: row for row in District.objects.all()}
    taken = set(Agency.objects.values_list("code", flat=True))
    parents: list[tuple[Agency, str]] = []
    for item in items("agencies"):
        present = Agency.objects.filter(key=item["key"]).values_list("code", flat=True).first()
        code = present or code_of(item["key"], taken)
        taken.add(code)
        head, executor = item["head"], item["responsible_executor"]
        agency = _put(
            Agency,
            {"key": item["key"]},
            {
                "code": code,
                "kind": item["kind"],
                "level": item["level"],
                "territory": districts.get(item["territory"]),
                "name": complete(item["name"]),
                "head_post": complete(head["post"]),
                "head_name": head["name"],
                "executor_post": complete(executor["post"]),
                "executor_name": executor["name"],
                "phone": item["phone"] or "",
                "hotline": item["hotline"] or "",
                "email": item["email"] or "",
                "website": item["website"] or "",
                "address": complete(item["address"] or {}),
                "working_hours": item["working_hours"] or {},
                "reception": complete((item["reception"] or {}).get("text") or {}),
                "order": item["order"],
            },
        )
        if item["parent"]:
            parents.append((agency, item["parent"]))
        _former_names(agency, item["former_names"])
    keys = {row.key: row for row in Agency.objects.all()}
    for agency, parent in parents:
        if agency.parent_id != keys[parent].pk:
            agency.parent = keys[parent]
            agency.save()


def _former_names(agency: Agency, names: list[dict[str, Any]]) -> None:
    if agency.former_names.count() == len(names):
        return
    agency.former_names.all().delete()
    for name in names:
        AgencyName.objects.create(
            agency=agency, name=complete(name["name"]), note=str(name.get("used_in") or "")[:200]
        )


def _offices() -> None:
    """Offices of the file; an agency without one gets its reception at its own address."""
    districts = {row.key: row for row in District.objects.all()}
    agencies = {row.key: row for row in Agency.objects.select_related("territory")}
    present = {(row.agency_id, row.name.get("uz")): row for row in Office.objects.all()}
    wanted = [
        (agencies[item["agency"]], districts[item["district"]], item) for item in items("offices")
    ]
    served = {agency.pk for agency, _district, _item in wanted}
    nukus = next(row for row in districts.values() if row.kind == District.Kind.CITY)
    for agency in agencies.values():
        if agency.pk not in served and agency.address:
            own = agency.territory
            place = own if own and own.kind != District.Kind.REPUBLIC else nukus
            item = {
                "name": agency.name,
                "address": agency.address,
                "hours": agency.working_hours,
                "reception": agency.reception,
                "phones": [agency.phone] if agency.phone else [],
            }
            wanted.append((agency, place, item))
    Office.objects.bulk_create(
        _office(agency, district, item)
        for agency, district, item in wanted
        if (agency.pk, complete(item["name"]).get("uz")) not in present
    )


def _office(agency: Agency, district: District, item: dict[str, Any]) -> Office:
    hours = item.get("hours") or []
    return Office(
        agency=agency,
        district=district,
        **{
            name: complete(item.get(name) or {})
            for name in ("name", "address", "landmark", "transport", "reception")
        },
        hours=[hours] if isinstance(hours, dict) and hours else list(hours or []),
        phones=item.get("phones") or [],
        step_free=item.get("step_free"),
        latitude=Decimal(str(item["lat"])) if item.get("lat") else None,
        longitude=Decimal(str(item["lon"])) if item.get("lon") else None,
        services_accepted=item.get("services_accepted") or [],
    )


def _furniture() -> None:
    menus = load("menus")
    for item in menus["items"]:
        _put(
            MenuItem,
            {"place": item["place"], "address": item["address"]},
            {"order": item["order"], "title": complete(item["title"])},
        )
    for item in items("phones"):
        values = {
            "kind": item["kind"],
            "order": item["order"],
            "name": complete(item["name"]),
            "hours": complete(item.get("hours") or {}),
            "in_footer": item["in_footer"],
        }
        _put(Phone, {"number": item["number"]}, values)
    for item in menus["useful_links"]:
        values = {"order": item["order"], "title": complete(item["title"])}
        _put(UsefulLink, {"url": item["url"]}, values)
    for item in items("notices"):
        title = complete(item["title"])
        if not any(row.title == title for row in Notice.objects.all()):
            Notice.objects.create(
                level=item["level"], section=item["section"], title=title,
                text=complete(item["text"]),
                starts_at=timezone.now() - timedelta(days=item["starts_days_ago"]),
            )  # fmt: skip
