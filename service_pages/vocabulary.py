"""The words of the passport: choices that data, law and the editor share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Categories of applicants."""

    INDIVIDUAL = "individual", _("Individuals")
    LEGAL_ENTITY = "legal_entity", _("Legal entities")
    SOLE_TRADER = "sole_trader", _("Sole traders")
    FOREIGNER = "foreigner", _("Foreigners")
    NGO = "ngo", _("Non-governmental organisations")


class ResultType(models.TextChoices):
    """What the applicant gets."""

    CERTIFICATE = "certificate", _("certificate")
    PERMIT = "permit", _("permit")
    LICENCE = "licence", _("licence")
    REGISTRATION = "registration", _("registration")
    INFORMATION = "information", _("information")
    PAYMENT = "payment", _("payment")
    BOOKING = "booking", _("booking")
    DOCUMENT = "document", _("document")
    DECISION = "decision", _("decision")


class TermUnit(models.TextChoices):
    """Units of terms, as the law and real passports use them."""

    AUTOMATIC = "automatic", _("automatic")
    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    WORKING_HOURS = "working_hours", _("working hours")
    WORKING_DAYS = "working_days", _("working days")
    CALENDAR_DAYS = "calendar_days", _("calendar days")
    MONTHS = "months", _("months")


class Channel(models.TextChoices):
    """Where a service is asked for."""

    PORTAL = "portal", _("Portal")
    MOBILE_APP = "mobile_app", _("Mobile application")
    DXM = "dxm", _("Public service centre")
    IN_PERSON = "in_person", _("In person at the agency")
    POST = "post", _("By post")
    CALL_CENTRE = "call_centre", _("Call centre")


class Payer(models.TextChoices):
    """Who pays, where fees differ by it."""

    INDIVIDUAL = "individual", _("Individuals")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    LEGAL_ENTITY = "legal_entity", _("Legal entities")
    FOREIGN_LEGAL_ENTITY = "foreign_legal_entity", _("Foreign legal entities")
    NGO = "ngo", _("Non-governmental organisations")


class FeeStatus(models.TextChoices):
    """What is known of the price."""

    FREE = "free", _("free")
    PAID = "paid", _("paid")
    BY_REGULATION = "by_regulation", _("set by a regulation")
    BY_PRICE_LIST = "by_price_list", _("by the price list")
    UNKNOWN = "unknown", _("not known yet")


class FeeMode(models.TextChoices):
    """How several fee rules go together."""

    NONE = "none", _("no fee")
    SINGLE = "single", _("one fee")
    CHOOSE_ONE = "choose_one", _("one of them, by case")
    SUM = "sum", _("all of them together")
    MIXED = "mixed", _("a fixed part and one by case")


class FeeKind(models.TextChoices):
    """What a fee is in law."""

    STATE_DUTY = "state_duty", _("State duty")
    LEVY = "levy", _("Levy")
    SERVICE_PRICE = "service_price", _("Price of the service")


class DocumentForm(models.TextChoices):
    """In which form a document is shown."""

    ORIGINAL = "original", _("original")
    COPY = "copy", _("copy")
    SCAN = "scan", _("scan")


class SampleKind(models.TextChoices):
    """What a text for copying is."""

    BLANK = "blank", _("Blank form")
    FILLED = "filled", _("Filled-in sample")


class Actor(models.TextChoices):
    """Who takes a step."""

    APPLICANT = "applicant", _("You")
    AGENCY = "agency", _("The agency")
    SYSTEM = "system", _("Automatically")
    OTHER_BODY = "other_body", _("Another body")


class ProvisionForm(models.TextChoices):
    """Traditional, electronic or both."""

    ELECTRONIC = "electronic", _("electronic")
    TRADITIONAL = "traditional", _("traditional")
    BOTH = "both", _("electronic and traditional")


class ResultFormat(models.TextChoices):
    """In which form the result is handed over."""

    ELECTRONIC = "electronic", _("electronic document")
    PAPER = "paper", _("paper document")
    BOTH = "both", _("electronic or paper document")


class ActKind(models.TextChoices):
    """Kinds of acts that services rest on."""

    LAW = "law", _("Law")
    PRESIDENTIAL_DECREE = "presidential_decree", _("Presidential decree")
    PRESIDENTIAL_RESOLUTION = "presidential_resolution", _("Presidential resolution")
    CABINET_RESOLUTION = "cabinet_resolution", _("Cabinet resolution")
    COUNCIL_RESOLUTION = "council_resolution", _("Council of Ministers resolution")
    AGENCY_REGULATION = "agency_regulation", _("Agency regulation")
    OTHER = "other", _("Another act")


class Gap(models.TextChoices):
    """What a published passport may still lack, as readers are told."""

    FEE = "fee", _("the fee")
    TERM = "term", _("the term")
    LEGAL_BASIS = "legal_basis", _("the legal basis")
    DOCUMENTS = "documents", _("the documents")
    STEPS = "steps", _("the steps")


class Status(models.TextChoices):
    """Where a service stands in its life (requirements.md §5.3)."""

    PROPOSED = "proposed", _("proposed")
    SCHEDULED = "scheduled", _("scheduled")
    DEVELOPMENT = "development", _("in development")
    TEST = "test", _("test mode")
    LIVE = "live", _("live")
    SUSPENDED = "suspended", _("suspended")
    RETIRED = "retired", _("retired")


class Phase(models.IntegerChoices):
    """Phase of a service's move online."""

    LISTED = 0, _("listed")
    INFORMATION = 1, _("information page")
    DOWNLOAD = 2, _("form to download")
    REQUEST = 3, _("online request and tracking")
    TRANSACTION = 4, _("full transaction")
    PROACTIVE = 5, _("automatic or proactive")
