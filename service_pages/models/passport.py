"""Rows of the passport that hold text: one per language, translated by wagtail-localize."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from service_pages import vocabulary


class TranslatedRow(TranslatableMixin, Orderable):
    """A row with text: one per language, tied together by its translation key."""

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True


def _synchronised(*names: str) -> list[SynchronizedField]:
    return [SynchronizedField(name, overridable=False) for name in names]


class TermRule(TranslatedRow):
    """How long it takes, by case and channel."""

    page = ParentalKey("service_pages.ServicePage", on_delete=models.CASCADE, related_name="terms")
    key = models.SlugField(_("key"), max_length=60, help_text=_("Example: standart"))
    value = models.PositiveSmallIntegerField(
        _("value"), null=True, blank=True, help_text=_("A number; empty for automatic. Example: 15")
    )
    unit = models.CharField(
        _("unit"), max_length=14, choices=vocabulary.TermUnit.choices,
        help_text=_("Example: ish kuni"),
    )  # fmt: skip
    channel = models.CharField(
        _("channel"), max_length=12, choices=vocabulary.Channel.choices, blank=True,
        help_text=_("Only where terms differ by channel. Example: Portal"),
    )  # fmt: skip
    condition = models.CharField(
        _("case"), max_length=300, blank=True,
        help_text=_("When this term holds. Example: Qoʻshimcha tekshiruv kerak boʻlsa"),
    )  # fmt: skip
    extension_value = models.PositiveSmallIntegerField(
        _("may be extended by"), null=True, blank=True, help_text=_("Example: 1")
    )
    extension_unit = models.CharField(
        _("unit of the extension"), max_length=14, choices=vocabulary.TermUnit.choices, blank=True,
        help_text=_("Example: oy"),
    )  # fmt: skip
    extension_condition = models.CharField(
        _("when it is extended"), max_length=300, blank=True,
        help_text=_("Example: Qoʻshimcha oʻrganish talab etilsa"),
    )  # fmt: skip
    legal_point = models.CharField(
        _("point of law"), max_length=200, blank=True, help_text=_("Example: VMQ-612, 14-band")
    )

    translatable_fields: ClassVar = [
        *_synchronised("key", "value", "unit", "channel", "extension_value", "extension_unit"),
        TranslatableField("condition"),
        TranslatableField("extension_condition"),
        TranslatableField("legal_point"),
    ]

    class Meta(TranslatedRow.Meta):
        verbose_name = _("term")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(unit="automatic") | models.Q(value__isnull=False),
                name="term_value_or_automatic",
            )
        ]

    def __str__(self) -> str:
        return f"{self.value or ''} {self.unit}"


class FeeRule(TranslatedRow):
    """A fee: a multiple of the base amount in force on the day, or a fixed sum."""

    page = ParentalKey("service_pages.ServicePage", on_delete=models.CASCADE, related_name="fees")
    key = models.SlugField(_("key"), max_length=60, help_text=_("Example: davlat-boji"))
    kind = models.CharField(
        _("kind"), max_length=14, choices=vocabulary.FeeKind.choices,
        help_text=_("Example: davlat boji"),
    )  # fmt: skip
    multiplier = models.DecimalField(
        _("multiple of BHM"), max_digits=9, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(0)], help_text=_("Example: 0,09"),
    )  # fmt: skip
    fixed_tiyin = models.PositiveBigIntegerField(
        _("fixed sum in tiyin"), null=True, blank=True, help_text=_("Example: 1854000")
    )
    channel = models.CharField(
        _("channel"), max_length=12, choices=vocabulary.Channel.choices, blank=True,
        help_text=_("Only where fees differ by channel. Example: Portal"),
    )  # fmt: skip
    payer = models.CharField(
        _("payer"), max_length=20, choices=vocabulary.Payer.choices, blank=True,
        help_text=_("Only where fees differ by payer. Example: yuridik shaxs"),
    )  # fmt: skip
    condition = models.CharField(
        _("case"), max_length=300, blank=True,
        help_text=_("When this fee is due. Example: Guvohnoma takroran berilganda"),
    )  # fmt: skip
    group = models.SlugField(
        _("alternatives"), max_length=60, blank=True,
        help_text=_(
            "Fees with the same word here are alternatives; empty: paid in every case."
            " Example: qurilish-turi"
        ),
    )  # fmt: skip
    optional = models.BooleanField(
        _("only if asked for"), default=False, help_text=_("Example: uyga borib xizmat koʻrsatish")
    )
    legal_point = models.CharField(
        _("point of law"), max_length=200, blank=True,
        help_text=_("Stands on the invoice. Example: OʻRQ-600, 2-ilova, 3-band"),
    )  # fmt: skip
    effective_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Example: 01.01.2026")
    )
    effective_to = models.DateField(
        _("to"), null=True, blank=True, help_text=_("Example: 31.12.2026")
    )

    translatable_fields: ClassVar = [
        *_synchronised(
            "key", "kind", "multiplier", "fixed_tiyin", "channel", "payer", "group", "optional",
            "effective_from", "effective_to",
        ),
        TranslatableField("condition"),
        TranslatableField("legal_point"),
    ]  # fmt: skip

    class Meta(TranslatedRow.Meta):
        verbose_name = _("fee")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(multiplier__isnull=False, fixed_tiyin__isnull=True)
                | models.Q(multiplier__isnull=True, fixed_tiyin__isnull=False),
                name="fee_multiple_or_sum",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_from__isnull=True)
                | models.Q(effective_to__isnull=True)
                | models.Q(effective_to__gte=models.F("effective_from")),
                name="fee_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class RequiredDocument(TranslatedRow):
    """A document that the applicant shows, or that the agency gets by itself."""

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="documents"
    )
    name = models.CharField(_("name"), max_length=300, help_text=_("Example: Pasport nusxasi"))
    issuer = models.CharField(
        _("who issues it"), max_length=200, blank=True, help_text=_("Example: FHDY boʻlimi")
    )
    form = models.CharField(
        _("form"), max_length=10, choices=vocabulary.DocumentForm.choices, blank=True,
        help_text=_("Example: nusxa"),
    )  # fmt: skip
    obtained_automatically = models.BooleanField(
        _("the agency gets it by itself"), default=False,
        help_text=_("Then nothing is asked of the applicant. Example: yashash joyi maʼlumoti"),
    )  # fmt: skip
    required = models.BooleanField(_("always needed"), default=True)
    condition = models.CharField(
        _("when needed"), max_length=300, blank=True,
        help_text=_("Example: Ishonchnoma boʻyicha murojaat qilinganda"),
    )  # fmt: skip
    source = models.CharField(
        _("where the agency gets it"), max_length=200, blank=True,
        help_text=_("Only for what it gets by itself. Example: Kadastr axborot tizimi"),
    )  # fmt: skip
    file_formats = models.CharField(
        _("formats of the file"), max_length=60, blank=True, help_text=_("Example: JPG, PDF")
    )
    max_size_kb = models.PositiveIntegerField(
        _("largest file, KB"), null=True, blank=True, help_text=_("Example: 500")
    )
    blank = models.ForeignKey(
        "wagtaildocs.Document", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("blank form"), help_text=_("Example: Ariza shakli (DOCX)"),
    )  # fmt: skip
    sample = models.ForeignKey(
        "wagtaildocs.Document", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("filled-in sample"), help_text=_("Example: Toʻldirilgan namuna (PDF)"),
    )  # fmt: skip

    translatable_fields: ClassVar = [
        TranslatableField("name"),
        TranslatableField("issuer"),
        TranslatableField("condition"),
        TranslatableField("source"),
        *_synchronised(
            "form", "obtained_automatically", "required", "file_formats", "max_size_kb", "blank",
            "sample",
        ),
    ]  # fmt: skip

    class Meta(TranslatedRow.Meta):
        verbose_name = _("document")

    def __str__(self) -> str:
        return self.name


class ProcedureStep(TranslatedRow):
    """A step of how it works, with who acts."""

    page = ParentalKey("service_pages.ServicePage", on_delete=models.CASCADE, related_name="steps")
    actor = models.CharField(
        _("who acts"), max_length=12, choices=vocabulary.Actor.choices,
        help_text=_("Example: ariza beruvchi"),
    )  # fmt: skip
    action = models.CharField(
        _("what is done"), max_length=400, help_text=_("Example: Arizani toʻldiradi va yuboradi")
    )
    term = models.CharField(
        _("how long it takes"), max_length=100, blank=True, help_text=_("Example: 1 ish kuni")
    )

    translatable_fields: ClassVar = [
        *_synchronised("actor"),
        TranslatableField("action"),
        TranslatableField("term"),
    ]

    class Meta(TranslatedRow.Meta):
        verbose_name = _("step")

    def __str__(self) -> str:
        return self.action


class RefusalGround(TranslatedRow):
    """A coded ground of refusal, with what the applicant can do about it."""

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="refusal_grounds"
    )
    code = models.SlugField(_("code"), max_length=60, help_text=_("Example: data_mismatch"))
    text = models.CharField(
        _("ground"), max_length=400,
        help_text=_("Example: Arizadagi maʼlumotlar davlat reyestriga mos kelmaydi"),
    )  # fmt: skip
    legal_point = models.CharField(
        _("point of law"), max_length=200, blank=True, help_text=_("Example: VMQ-728, 12-band")
    )
    curable = models.BooleanField(_("can be cured"), default=True)
    cure_days = models.PositiveSmallIntegerField(
        _("days to cure"), null=True, blank=True, help_text=_("Example: 10")
    )

    translatable_fields: ClassVar = [
        *_synchronised("code", "curable", "cure_days"),
        TranslatableField("text"),
        TranslatableField("legal_point"),
    ]

    class Meta(TranslatedRow.Meta):
        verbose_name = _("ground of refusal")

    def __str__(self) -> str:
        return self.text


class LegalBasis(TranslatedRow):
    """An act that the service rests on."""

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="legal_bases"
    )
    kind = models.CharField(
        _("kind"), max_length=24, choices=vocabulary.ActKind.choices,
        help_text=_("Example: Vazirlar Mahkamasi qarori"),
    )  # fmt: skip
    number = models.CharField(_("number"), max_length=40, blank=True, help_text=_("Example: 244"))
    issued_on = models.DateField(
        _("date"), null=True, blank=True, help_text=_("Example: 28.03.2018")
    )
    point = models.CharField(_("point"), max_length=60, blank=True, help_text=_("Example: 5-band"))
    title = models.CharField(
        _("title"),
        max_length=400,
        help_text=_("Example: Maʼmuriy reglamentni tasdiqlash toʻgʻrisida"),
    )
    url = models.URLField(_("address"), blank=True, help_text=_("Example: https://lex.uz/docs/…"))

    translatable_fields: ClassVar = [
        *_synchronised("kind", "number", "issued_on", "point", "url"),
        TranslatableField("title"),
    ]

    class Meta(TranslatedRow.Meta):
        verbose_name = _("legal basis")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ServiceQuestion(TranslatedRow):
    """A question that people ask about the service, with its answer."""

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="questions"
    )
    question = models.CharField(
        _("question"), max_length=300, help_text=_("Example: Javob qayerga keladi?")
    )
    answer = models.TextField(_("answer"), help_text=_("Example: Shaxsiy kabinetingizga keladi."))

    translatable_fields: ClassVar = [TranslatableField("question"), TranslatableField("answer")]

    class Meta(TranslatedRow.Meta):
        verbose_name = _("question and answer")

    def __str__(self) -> str:
        return self.question


class ServiceSample(TranslatedRow):
    """A paper that an applicant writes: its blank or a filled-in sample, as text to print or copy.

    A blank that is a file belongs to its document (`RequiredDocument.blank`).
    """

    page = ParentalKey(
        "service_pages.ServicePage", on_delete=models.CASCADE, related_name="samples"
    )
    key = models.SlugField(
        _("key"), max_length=60, help_text=_("Part of its address. Example: rozilik")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=vocabulary.SampleKind.choices)
    title = models.CharField(
        _("title"), max_length=200, help_text=_("Example: Uy egasining roziligi")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True,
        help_text=_("Who needs it and who signs. Example: Notarius oldida imzolanadi"),
    )  # fmt: skip
    text = models.TextField(
        _("text"), max_length=4000,
        help_text=_("Line by line; underscores where something is filled in."),
    )  # fmt: skip

    translatable_fields: ClassVar = [
        *_synchronised("key", "kind"),
        TranslatableField("title"),
        TranslatableField("note"),
        TranslatableField("text"),
    ]

    class Meta(TranslatedRow.Meta):
        verbose_name = _("blank form or sample")

    def __str__(self) -> str:
        return self.title
