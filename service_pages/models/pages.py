"""Pages of agencies and services."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail_localize.fields import SynchronizedField

from accounts.models import Agency, IdentityLevel
from core.fields import QuietStreamField
from core.models import BasePage, District
from core.publishing import Problem
from service_pages import gate, presenting, selectors, vocabulary
from service_pages.models.rows import Service
from service_pages.panels import GatePanel


class AgencyIndexPage(BasePage):
    """All organisations by kind."""

    lead = models.TextField(_("lead"), max_length=300, blank=True)

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("lead")]
    subpage_types: ClassVar = ["service_pages.AgencyPage"]
    max_count_per_parent = 1
    template = "service_pages/agency_index_page.html"

    class Meta:
        verbose_name = _("organisations")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Agencies by kind with their paths."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"groups": selectors.agencies_by_kind(self, get_language() or "uz")}


class AgencyPage(BasePage):
    """One agency: what it does, who leads it, where it receives people, its services."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="pages", verbose_name=_("agency")
    )
    summary = models.TextField(
        _("summary"), max_length=400, blank=True,
        help_text=_("One sentence. Example: Respublika sogʻliqni saqlash tizimini boshqaradi"),
    )  # fmt: skip
    functions = QuietStreamField(
        [("function", blocks.CharBlock(label=_("Function"), max_length=400))],
        blank=True,
        verbose_name=_("functions and powers"),
        help_text=_("One line each. Example: Fuqarolarning murojaatlarini koʻrib chiqadi"),
    )

    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.RelatedFields(
            "agency", [index.AutocompleteField("name"), index.AutocompleteField("code")]
        ),
    ]
    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldPanel("agency"),
        FieldPanel("summary"),
        FieldPanel("functions"),
    ]
    parent_page_types: ClassVar = ["service_pages.AgencyIndexPage"]
    template = "service_pages/agency_page.html"
    override_translatable_fields: ClassVar = [
        *BasePage.override_translatable_fields,
        SynchronizedField("agency", overridable=False),
    ]

    class Meta:
        verbose_name = _("agency page")

    @property
    def answering_body(self) -> str:
        """The agency itself."""
        return self.content_owner or str(self.agency)

    def publish_problems(self) -> list[Problem]:
        """An agency says what it does."""
        problems = super().publish_problems()
        if not self.functions:
            problems.append(Problem("functions", _("List the functions and powers of the agency.")))
        return problems

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The agency, its offices and its services."""
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.agency_page(self, get_language() or "uz")


class ServicePage(BasePage):
    """A service's passport in one language."""

    has_own_notice: ClassVar[bool] = True

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="pages", verbose_name=_("service")
    )
    summary = models.TextField(
        _("summary"), max_length=600, blank=True,
        help_text=_("What the citizen gets, in one sentence. Example: Ota-ona bolani navbatga qoʻyadi"),
    )  # fmt: skip
    result = models.CharField(
        _("result"), max_length=400, blank=True,
        help_text=_("What is handed over in the end. Example: Bogʻchaga yoʻllanma"),
    )  # fmt: skip
    result_type = models.CharField(
        _("kind of result"), max_length=14, choices=vocabulary.ResultType.choices, blank=True,
        help_text=_("Example: maʼlumotnoma"),
    )  # fmt: skip
    result_format = models.CharField(
        _("form of the result"), max_length=10, choices=vocabulary.ResultFormat.choices, blank=True,
        help_text=_("Example: elektron hujjat"),
    )  # fmt: skip
    result_validity = models.CharField(
        _("how long the result is valid"), max_length=100, blank=True,
        help_text=_("Example: 6 oy"),
    )  # fmt: skip
    result_verifiable = models.BooleanField(
        _("the result can be checked by a QR code"), default=False,
        help_text=_("Example: QR-kodli maʼlumotnoma"),
    )  # fmt: skip
    eligibility = models.TextField(
        _("who may apply"), max_length=600, blank=True,
        help_text=_("Example: 18 yoshga toʻlgan fuqarolar"),
    )  # fmt: skip
    synonyms = models.TextField(
        _("words that people search with"), blank=True,
        help_text=_("One a line. Example: metrika"),
    )  # fmt: skip
    redress = models.TextField(
        _("how to complain"), max_length=600, blank=True,
        help_text=_("Example: Yuqori turuvchi organga bir yil ichida shikoyat qilish mumkin"),
    )  # fmt: skip
    national_provider = models.CharField(
        _("national body"), max_length=300, blank=True, help_text=_("Example: Adliya vazirligi")
    )
    fee_status = models.CharField(
        _("price"), max_length=14, choices=vocabulary.FeeStatus.choices,
        default=vocabulary.FeeStatus.UNKNOWN, help_text=_("Example: bepul"),
    )  # fmt: skip
    fee_mode = models.CharField(
        _("how fees go together"), max_length=12, choices=vocabulary.FeeMode.choices,
        default=vocabulary.FeeMode.NONE, help_text=_("Example: bitta toʻlov"),
    )  # fmt: skip
    discount_codes = models.CharField(
        _("discounts"),
        max_length=100,
        blank=True,
        help_text=_("Codes apart by a space. Example: SOC50"),
    )
    payment_validity_days = models.PositiveSmallIntegerField(
        _("days a payment stays valid after a refusal"), null=True, blank=True,
        help_text=_("Example: 30"),
    )  # fmt: skip
    payment_means = models.CharField(
        _("how to pay"),
        max_length=200,
        blank=True,
        help_text=_("Example: Bank kartasi, bank kassasi"),
    )
    documents_required = models.BooleanField(
        _("documents are asked of the applicant"), null=True, blank=True,
        help_text=_("Answer it: “no” is shown as “Talab etilmaydi”."),
    )  # fmt: skip
    provision_form = models.CharField(
        _("form of provision"), max_length=12, choices=vocabulary.ProvisionForm.choices, blank=True,
        help_text=_("Example: elektron"),
    )  # fmt: skip
    identification_level = models.CharField(
        _("identity asked for"), max_length=8, choices=IdentityLevel.choices,
        default=IdentityLevel.ACCOUNT, help_text=_("Example: OneID"),
    )  # fmt: skip
    minutes_to_complete = models.PositiveSmallIntegerField(
        _("minutes to fill in the form"), null=True, blank=True, help_text=_("Example: 4")
    )
    composite = models.BooleanField(_("several bodies decide together"), default=False)
    responsible_head = models.CharField(
        _("responsible head"), max_length=200, blank=True,
        help_text=_("Post; empty for the agency's head. Example: Boshqarma boshligʻi"),
    )  # fmt: skip
    responsible_executor = models.CharField(
        _("responsible executor"), max_length=200, blank=True,
        help_text=_("Post; empty for the agency's executor. Example: Bosh mutaxassis"),
    )  # fmt: skip
    territory = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("territory"), help_text=_("Example: Qoraqalpogʻiston Respublikasi"),
    )  # fmt: skip
    contact_phone = models.CharField(
        _("phone for questions"), max_length=24, blank=True,
        help_text=_("Empty for the agency's. Example: +998 61 000-00-00"),
    )  # fmt: skip
    contact_email = models.EmailField(
        _("e-mail for questions"), blank=True,
        help_text=_("Empty for the agency's. Example: xizmat@example.org"),
    )  # fmt: skip
    legal_barrier = models.TextField(
        _("what the law has to change"), max_length=600, blank=True,
        help_text=_("For editors only. Example: Qaror qogʻoz shaklidagi arizani talab qiladi"),
    )  # fmt: skip
    completeness = models.PositiveSmallIntegerField(
        _("completeness, per cent"), default=0, editable=False
    )
    known_gaps = models.JSONField(default=list, blank=True, editable=False)
    keywords = models.CharField(max_length=200, blank=True, editable=False)

    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.AutocompleteField("synonyms"),
        index.SearchField("summary"),
        index.RelatedFields(
            "service",
            [
                index.AutocompleteField("key"),
                index.AutocompleteField("registry_number"),
                index.AutocompleteField("external_id"),
            ],
        ),
    ]
    passport_panels: ClassVar = [
        GatePanel(),
        *BasePage.content_panels,
        FieldPanel("service"),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("result"), FieldPanel("result_type")]),
        FieldRowPanel([FieldPanel("result_format"), FieldPanel("result_validity")]),
        FieldPanel("result_verifiable"),
        InlinePanel("audiences", label=_("Categories of applicants")),
        FieldPanel("eligibility"),
        FieldPanel("synonyms"),
    ]
    terms_panels: ClassVar = [
        InlinePanel("terms", label=_("Terms")),
        FieldRowPanel([FieldPanel("fee_status"), FieldPanel("fee_mode")]),
        InlinePanel("fees", label=_("Fees")),
        FieldRowPanel([FieldPanel("discount_codes"), FieldPanel("payment_validity_days")]),
        FieldPanel("payment_means"),
    ]
    papers_panels: ClassVar = [
        FieldPanel("documents_required"),
        InlinePanel("documents", label=_("Documents")),
        InlinePanel("steps", label=_("Steps")),
        InlinePanel("refusal_grounds", label=_("Grounds of refusal")),
        InlinePanel("legal_bases", label=_("Legal basis")),
        FieldPanel("redress"),
        InlinePanel("samples", label=_("Blank forms and samples")),
        InlinePanel("questions", label=_("Questions and answers")),
    ]
    service_panels: ClassVar = [
        FieldRowPanel([FieldPanel("provision_form"), FieldPanel("identification_level")]),
        FieldPanel("minutes_to_complete"),
        InlinePanel("channels", label=_("Channels")),
        InlinePanel("topics", label=_("Topics")),
        InlinePanel("events", label=_("Life events")),
        InlinePanel("co_agencies", label=_("Participating agencies")),
        FieldPanel("composite"),
        FieldPanel("territory"),
        FieldPanel("national_provider"),
        FieldRowPanel([FieldPanel("contact_phone"), FieldPanel("contact_email")]),
        InlinePanel("related", label=_("Related services")),
        FieldRowPanel([FieldPanel("responsible_head"), FieldPanel("responsible_executor")]),
        FieldPanel("legal_barrier"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(passport_panels, heading=_("Passport")),
            ObjectList(terms_panels, heading=_("Terms and fees")),
            ObjectList(papers_panels, heading=_("Documents and rules")),
            ObjectList(service_panels, heading=_("Provision")),
            ObjectList(BasePage.promote_panels, heading=_("Promote")),
        ]
    )
    parent_page_types: ClassVar = ["service_pages.AgencyPage"]
    subpage_types: ClassVar = ["portal_forms.FormPage"]
    template = "service_pages/service_page.html"
    override_translatable_fields: ClassVar = [
        *BasePage.override_translatable_fields,
        SynchronizedField("service", overridable=False),
        *(
            SynchronizedField(name, overridable=False)
            for name in (
                "discount_codes", "responsible_head", "responsible_executor", "legal_barrier",
                "contact_phone", "keywords", "content_owner", "national_provider",
            )
        ),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("service page")

    @property
    def view_key(self) -> str:
        """Views count for the service."""
        return self.service.view_key

    @property
    def answering_body(self) -> str:
        """The service's agency."""
        return self.content_owner or str(self.service.agency)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the source keeps how much of it is filled in, for lists of passports."""
        if self.locale.language_code == settings.LANGUAGE_CODE:
            self.completeness = gate.completeness(self)
        super().save(*args, **kwargs)

    def publish_problems(self) -> list[Problem]:
        """Everything that the passport lacks; a translation is judged by its source."""
        return super().publish_problems() + gate.problems(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The passport in the reader's language; a preview compiles it in memory."""
        context = super().get_context(request, *args, **kwargs)
        language = get_language() or "uz"
        preview = bool(getattr(request, "is_preview", False))
        return context | presenting.service_page(self, language, request.GET, preview=preview)
