"""The page on which editors write a form."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail_localize.fields import SynchronizedField

from accounts.models import IdentityLevel
from core.fields import QuietStreamField
from core.models import BasePage
from core.publishing import Problem
from forms import gate, overview, trying
from forms.blocks import KEY, CheckBlock, RuleBlock, StepBlock
from forms.fields import AudienceField, PersonalDataField
from forms.models.versions import FormDefinition
from forms.panels import AdvicePanel


class FeeMode(models.TextChoices):
    """How the fee rules go together."""

    NONE = "none", _("free")
    FIRST_MATCH = "first_match", _("the first rule that holds")
    SUM = "sum", _("all rules that hold, added")


class Layout(models.TextChoices):
    """How the steps are shown."""

    STEPS = "steps", _("one step at a time")
    ONE_PAGE = "one_page", _("all on one page")


class FormPage(BasePage):
    """The form of a service as editors write it; publishing compiles it into a version."""

    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.RelatedFields("definition", [index.AutocompleteField("key")]),
    ]

    definition = models.ForeignKey(
        FormDefinition, on_delete=models.PROTECT, related_name="pages", verbose_name=_("form")
    )
    steps = QuietStreamField([("step", StepBlock())], blank=True, verbose_name=_("steps"))
    audience = AudienceField(verbose_name=_("who may send it"), blank=True)
    identification_level = models.CharField(
        _("identity asked for"), max_length=8, choices=IdentityLevel.choices,
        default=IdentityLevel.ACCOUNT, help_text=_("Asked before the first question."),
    )  # fmt: skip
    signature_required = models.BooleanField(_("signed electronically"), default=False)
    max_total_upload_kb = models.PositiveIntegerField(
        _("all files together, kB at most"), default=20480
    )
    routing_by = models.CharField(
        _("routed by"), max_length=60, blank=True, validators=[RegexValidator(KEY)],
        help_text=_("What the request is routed by. Example: district"),
    )  # fmt: skip
    agency_pattern = models.CharField(
        _("key of the agency"), max_length=120, blank=True,
        validators=[RegexValidator(r"^[a-z0-9_{}-]+$")],
        help_text=_(
            "Built from an answer; empty for the service's own agency. "
            "Example: {district}-hokimligi"
        ),
    )  # fmt: skip
    fee_mode = models.CharField(
        _("fees"), max_length=12, choices=FeeMode.choices, default=FeeMode.NONE
    )
    fee_rules = QuietStreamField(
        [("rule", RuleBlock())], blank=True, verbose_name=_("which fee of the passport"),
    )  # fmt: skip
    term_rules = QuietStreamField(
        [("rule", RuleBlock())], blank=True, verbose_name=_("which term of the passport"),
        help_text=_("The first rule that holds is used; without rules, the passport's first term."),
    )  # fmt: skip
    discount_rule = QuietStreamField(
        [("rule", RuleBlock())], blank=True, max_num=1, verbose_name=_("which discount"),
    )  # fmt: skip
    checks = QuietStreamField(
        [("check", CheckBlock())], blank=True, verbose_name=_("rules across questions"),
    )  # fmt: skip
    layout = models.CharField(
        _("pages"), max_length=10, choices=Layout.choices, default=Layout.STEPS
    )
    personal_data = PersonalDataField(
        verbose_name=_("personal data that is collected"), blank=True,
        help_text=_("What is not declared here and asked all the same is warned of."),
    )  # fmt: skip
    purpose = models.TextField(
        _("what the data is used for"), blank=True, max_length=1000,
        help_text=_("The applicant reads it before the first question."),
    )  # fmt: skip
    confirmed_email = models.BooleanField(_("a confirmed e-mail is needed"), default=False)
    note = models.TextField(_("note for editors"), blank=True, max_length=1000)

    question_panels: ClassVar = [
        AdvicePanel(heading=_("Is the form in order?")),
        *BasePage.content_panels,
        FieldPanel("definition"),
        FieldPanel("steps"),
    ]
    rule_panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldRowPanel(
                    [FieldPanel("identification_level"), FieldPanel("signature_required")]
                ),
                FieldRowPanel([FieldPanel("confirmed_email"), FieldPanel("layout")]),
                FieldPanel("max_total_upload_kb"),
            ],
            heading=_("Who sends it"),
        ),
        MultiFieldPanel(
            [FieldPanel("purpose"), FieldPanel("personal_data")],
            heading=_("Personal data"),
        ),
        FieldPanel("checks"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("routing_by"), FieldPanel("agency_pattern")])],
            heading=_("Which agency takes it"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("term_rules"),
                FieldPanel("fee_mode"),
                FieldPanel("fee_rules"),
                FieldPanel("discount_rule"),
            ],
            heading=_("Term and fee by answer"),
        ),
        FieldPanel("note"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(question_panels, heading=_("Questions")),
            ObjectList(rule_panels, heading=_("Rules")),
            ObjectList(BasePage.promote_panels, heading=_("Promote")),
        ]
    )
    parent_page_types: ClassVar = ["service_pages.ServicePage", "home.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "forms/form_page.html"
    # What decides which answers are stored and what follows from them is the Uzbek page's alone.
    override_translatable_fields: ClassVar = [
        *BasePage.override_translatable_fields,
        *(
            SynchronizedField(name, overridable=False)
            for name in (
                "definition", "audience", "identification_level", "signature_required",
                "max_total_upload_kb", "routing_by", "agency_pattern", "fee_mode", "fee_rules",
                "term_rules", "discount_rule", "note", "layout", "personal_data", "confirmed_email",
            )
        ),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("form page")
        verbose_name_plural = _("form pages")

    def publish_problems(self) -> list[Problem]:
        """What would make the form unusable; a translation is judged by its source."""
        return super().publish_problems() + gate.problems(self)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The page as visitors find it, and its questions as applicants meet them."""
        return [("", _("Start of the form")), ("questions", _("Questions"))]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The template of a preview."""
        return "forms/preview.html" if mode_name == "questions" else self.template

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The context of a preview, compiled in memory."""
        context = self.get_context(request)
        return context | trying.questions(self) if mode_name == "questions" else context

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the form asks for and what to prepare; a preview compiles in memory."""
        context = super().get_context(request, *args, **kwargs)
        preview = bool(getattr(request, "is_preview", False))
        return context | {"form": overview.of_page(self, preview=preview)}
