"""Agencies and services with full passports in a tree, for tests of every room.

`make_service("nikoh-malumotnoma")` gives a published service under a published agency; keys of the
record (`data/README.md`, services.json) may be given as keyword arguments.
"""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from wagtail.models import Locale, Page, Site

from accounts.models import Agency
from core.models import BaseAmount, District
from core.money import soums
from home.models import HomePage
from languages.uzbek import to_cyrillic
from service_pages.building import service_page_from_record
from service_pages.models import (
    AgencyIndexPage,
    AgencyPage,
    Discount,
    LifeEvent,
    Office,
    Service,
    ServicePage,
    Topic,
)

_codes = itertools.product("ABCDEFGH", repeat=3)


def home_page(language: str = "uz") -> HomePage:
    """The home page of a language, made with the site where missing."""
    locale = Locale.objects.get_or_create(language_code=language)[0]
    home = HomePage.objects.filter(locale=locale).first()
    if home is not None:
        return home
    root = Page.objects.get(depth=1)
    if language != "uz":
        return home_page().copy_for_translation(locale).specific
    _without_welcome(root)
    _without_welcome(root)
    home = HomePage(title="Bosh sahifa", slug=f"home-{language}", locale=locale)
    root.refresh_from_db()
    root.add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    return home


def _without_welcome(root: Page) -> None:
    """Wagtail's first migration makes a page of welcome."""
    Site.objects.all().delete()
    for page in root.get_children():
        page.delete()


def agency_index(language: str = "uz") -> AgencyIndexPage:
    """The page of all organisations, made where missing."""
    index = AgencyIndexPage.objects.filter(locale__language_code=language).first()
    if index is None:
        home = home_page(language)
        home.refresh_from_db()
        if language != "uz":
            index = agency_index().copy_for_translation(home.locale).specific
            index.save_revision().publish()
        else:
            index = AgencyIndexPage(title="Idoralar", slug="idoralar", locale=home.locale)
            home.add_child(instance=index)
    return AgencyIndexPage.objects.get(pk=index.pk)


def make_district(key: str = "nukus-city", **fields: Any) -> District:
    """A city or district."""
    values = {"kind": "city", "order": 1, "name": {"uz": "Nukus shahri", "ru": "г. Нукус"}} | fields
    return District.objects.get_or_create(key=key, defaults=values)[0]


def make_agency(key: str = "adliya-vazirligi", **fields: Any) -> AgencyPage:
    """A published page of an agency with its row and an office in Nukus."""
    page = AgencyPage.objects.filter(agency__key=key, locale__language_code="uz").first()
    if page is not None:
        return page
    district = make_district()
    values = {
        "code": "".join(next(_codes)),
        "kind": Agency.Kind.MINISTRY,
        "level": Agency.Level.REPUBLIC,
        "name": {
            "uz": "Adliya vazirligi",
            "ru": "Министерство юстиции",
            "en": "Ministry of Justice",
        },
        "head_post": {"uz": "Vazir", "ru": "Министр", "en": "Minister"},
        "head_name": "Demo Rahbar 01",
        "executor_post": {"uz": "Masʼul ijrochi", "ru": "Исполнитель", "en": "Executor"},
        "executor_name": "Demo Ijrochi 01",
        "phone": "+998 61 000-01-10",
        "hotline": "+998 61 000-01-99",
        "email": f"{key}@example.org",
        "address": {"uz": "Nukus shahri, Namuna koʻchasi, 1-uy"},
        "working_hours": HOURS,
    } | fields
    agency = Agency.objects.filter(key=key).first() or Agency.objects.create(key=key, **values)
    index = agency_index()
    page = AgencyPage(
        title=agency.label("uz"), slug=key, agency=agency, locale=index.locale,
        functions=[("function", "Murojaatlarni koʻrib chiqadi")],
    )  # fmt: skip
    index.add_child(instance=page)
    make_office(agency, district)
    return page


def make_office(agency: Agency, district: District | None = None, **fields: Any) -> Office:
    """An office of an agency."""
    values = {
        "name": agency.name,
        "address": {"uz": "Namuna koʻchasi, 1-uy", "ru": "ул. Намуна, 1"},
        "landmark": {"uz": "Bozor yonida", "ru": "Рядом с рынком"},
        "hours": [HOURS],
        "phones": ["+998 61 000-01-11"],
        "step_free": True,
    } | fields
    return Office.objects.create(agency=agency, district=district or make_district(), **values)


HOURS = {
    "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "from": "09:00", "to": "18:00", "break_from": "13:00", "break_to": "14:00",
}  # fmt: skip


def make_references() -> None:
    """A base amount, a topic, a life event and a discount, where they are missing."""
    BaseAmount.objects.get_or_create(
        effective_from=date(2025, 8, 1), defaults={"amount_tiyin": soums(412000)}
    )
    Topic.objects.get_or_create(
        key="civil-registration",
        defaults={
            "name": {"uz": "Fuqarolik holati", "ru": "Гражданское состояние"},
            "icon": "scroll",
        },
    )
    LifeEvent.objects.get_or_create(
        key="birth", defaults={"kind": "life", "name": {"uz": "Bola tugʻilishi", "ru": "Рождение"}}
    )
    Discount.objects.get_or_create(
        code="SOC50",
        defaults={
            "percent": 50,
            "applies_to": ["state_duty", "levy", "service_price"],
            "channels": ["portal", "dxm"],
            "groups": [
                {"key": "disability_1", "name": {"uz": "I guruh nogironligi", "ru": "I группа"}}
            ],
            "exclusions": {"uz": "Tadbirkorlar uchun emas", "ru": "Не для предпринимателей"},
        },
    )


def record(key: str, **fields: Any) -> dict[str, Any]:
    """A full record of a service in the shape of services.json."""
    title = fields.pop("title", "Nikoh haqida maʼlumotnoma")
    titles = title if isinstance(title, dict) else {"uz": title}
    return {
        "key": key,
        "title": titles,
        "summary": {"uz": "Maʼlumotnoma elektron olinadi.", "ru": "Справку получают онлайн."},
        "result": {"uz": "QR-kodli elektron maʼlumotnoma", "ru": "Электронная справка"},
        "result_type": "certificate",
        "topics": ["civil-registration"],
        "life_events": ["birth"],
        "applicant_categories": ["individual"],
        "terms": [
            {"key": "standard", "value": 3, "unit": "working_days", "channel": "any",
             "condition": None, "extension": None},
        ],
        "fee_status": "paid",
        "fee_mode": "single",
        "fees": [
            {"key": "main", "kind": "levy", "multiplier_bhm": "0.045", "fixed_sum_uzs": None,
             "channel": "portal", "payer": "individual",
             "condition": {"uz": "Arxiv hujjati", "ru": "Архивный документ"}},
        ],
        "discount_codes": ["SOC50"],
        "documents_required": True,
        "documents": [
            {"name": {"uz": "Pasport nusxasi", "ru": "Копия паспорта"}, "form": "scan",
             "obtained_automatically": False, "required": True, "condition": None,
             "issuer": {"uz": "IIV", "ru": "МВД"}},
            {"name": {"uz": "Yashash joyi maʼlumoti", "ru": "Сведения о месте жительства"},
             "form": "copy", "obtained_automatically": True, "required": True, "condition": None},
        ],
        "legal_basis": [
            {"type": "cabinet_resolution", "number": "612", "date": "2023-11-20",
             "title": {"uz": "Davlat xizmatlari toʻgʻrisida", "ru": "О государственных услугах"}},
        ],
        "steps": [
            {"order": 1, "actor": "applicant",
             "action": {"uz": "Arizani toʻldiradi va yuboradi", "ru": "Заполняет заявление"}},
            {"order": 2, "actor": "agency",
             "action": {"uz": "Maʼlumotnomani tayyorlaydi", "ru": "Готовит справку"}},
        ],
        "refusal_grounds": [
            {"code": "data_mismatch", "curable": True, "cure_days": 10,
             "text": {"uz": "Maʼlumotlar mos kelmaydi", "ru": "Сведения не совпадают"}},
        ],
        "channels": ["portal", "dxm"],
        "provision_form": "both",
        "phase": 4,
        "identification_level": "oneid",
        "minutes_to_complete": 4,
        "synonyms": {"uz": ["zags"], "ru": ["загс"]},
        "questions": [
            {"question": {"uz": "Javob qayerga keladi?", "ru": "Куда придёт ответ?"},
             "answer": {"uz": "Kabinetingizga.", "ru": "В ваш кабинет."}},
        ],
        "known_gaps": [],
    } | fields  # fmt: skip


def make_page(key: str, *, agency: AgencyPage | None = None, **fields: Any) -> ServicePage:
    """A draft of a service's page in Uzbek, not published."""
    make_references()
    parent = agency or make_agency()
    parent.refresh_from_db()
    page = service_page_from_record(record(key, **fields), parent.agency).page
    page.live, page.has_unpublished_changes = False, True
    parent.add_child(instance=page)
    return page


def make_service(key: str = "nikoh-malumotnoma", **fields: Any) -> Service:
    """A service with a full published passport; `agency` may name the page of an agency."""
    page = make_page(key, **fields)
    page.save_revision().publish()
    return Service.objects.get(key=key)


def translate(page: ServicePage, language: str, *, publish: bool = True) -> ServicePage:
    """The page in another language with texts that differ from the Uzbek ones."""
    locale = Locale.objects.get_or_create(language_code=language)[0]
    agency_index(language)
    parent = page.get_parent().specific
    if not parent.has_translation(locale):
        parent.copy_for_translation(locale).specific.save_revision().publish()
    target = page.copy_for_translation(locale).specific

    def translated(text: str) -> str:
        converted = to_cyrillic(text) if language == "uz-cyrl" else f"[{language}] {text}"
        return converted if text else ""

    for name in ("title", "summary", "result", "eligibility"):
        setattr(target, name, translated(getattr(target, name)))
    for relation, names in {
        "terms": ("condition",), "fees": ("condition",), "documents": ("name", "issuer"),
        "steps": ("action",), "refusal_grounds": ("text",), "legal_bases": ("title",),
        "questions": ("question", "answer"),
    }.items():  # fmt: skip
        rows = list(getattr(target, relation).all())
        for row in rows:
            for name in names:
                setattr(row, name, translated(getattr(row, name)))
        setattr(target, relation, rows)
    revision = target.save_revision()
    if publish:
        revision.publish()
    return ServicePage.objects.get(pk=target.pk)
