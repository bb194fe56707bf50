"""Reference rows of the whole house and the base of every page type."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction
from wagtail_localize.fields import SynchronizedField

from core import publishing, tidying, translations
from core.fields import TextMapField
from core.money import Tiyin
from core.texts import pick
from core.working_time import Day, WorkCalendar
from languages import registry


class District(models.Model):
    """A city or district of Karakalpakstan; `karakalpakstan` is the republic itself."""

    class Kind(models.TextChoices):
        REPUBLIC = "republic", _("republic")
        CITY = "city", _("city")
        DISTRICT = "district", _("district")

    key = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = TextMapField()
    #: Name of the administrative centre.
    centre = TextMapField(blank=True)

    class Meta:
        ordering = ("order",)
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self) -> str:
        return pick(self.name)


class BaseAmount(models.Model):
    """The base calculation amount (BHM) in force from a date on. Fees are multiples of it."""

    effective_from = models.DateField(unique=True)
    amount_tiyin = models.PositiveBigIntegerField(help_text=_("In tiyin: 1 soʻm is 100 tiyin."))
    #: `{"type", "number", "date"}` of the act, or empty where it was not seen.
    act = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-effective_from",)
        verbose_name = _("base calculation amount")
        verbose_name_plural = _("base calculation amounts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_tiyin__gt=0), name="base_amount_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.effective_from}: {self.amount_tiyin // 100}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let every page compute with it at once."""
        super().save(*args, **kwargs)
        cache.delete(_AMOUNTS_KEY)
        publishing.bump_generation()

    @staticmethod
    def on(day: date) -> Tiyin:
        """The amount in force on `day`, in tiyin. Raises LookupError before the first act."""
        for effective_from, amount in _amounts():
            if effective_from <= day:
                return Tiyin(amount)
        raise LookupError(f"No base calculation amount is known for {day}.")


_AMOUNTS_KEY = "core:base-amounts"


def _amounts() -> list[tuple[date, int]]:
    """All amounts, newest first; cached, since every page with a fee asks."""
    amounts = cache.get(_AMOUNTS_KEY)
    if amounts is None:
        amounts = list(BaseAmount.objects.values_list("effective_from", "amount_tiyin"))
        cache.set(_AMOUNTS_KEY, amounts, 600)
    return amounts


class CalendarDay(models.Model):
    """A date that a decree made a working day, a day off or a shorter day."""

    date = models.DateField(unique=True)
    is_working = models.BooleanField()
    closes_at = models.TimeField(null=True, blank=True, help_text=_("On a shorter day only."))
    note = models.CharField(max_length=200, blank=True, help_text=_("Decree that moved the day."))

    class Meta:
        ordering = ("date",)
        verbose_name = _("day of the working calendar")
        verbose_name_plural = _("working calendar")

    def __str__(self) -> str:
        return f"{self.date}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save and drop the cached calendar."""
        super().save(*args, **kwargs)
        cache.delete(_CALENDAR_KEY)


_CALENDAR_KEY = "core:work-calendar"


def work_calendar() -> WorkCalendar:
    """The working calendar with the days that decrees moved; cached."""
    days = cache.get(_CALENDAR_KEY)
    if days is None:
        days = {row.date: Day(row.is_working, row.closes_at) for row in CalendarDay.objects.all()}
        cache.set(_CALENDAR_KEY, days, 600)
    return WorkCalendar(days)


class BasePage(Page):
    """The base of every page type: publish gate, owner of the text, review, synchronised slug."""

    content_owner = models.CharField(
        _("who answers for the text"),
        max_length=200,
        blank=True,
        help_text=_("Department or post. Example: Axborot xizmati"),
    )
    reviewed_on = models.DateField(
        _("last checked"), null=True, blank=True, help_text=_("When the text was last checked.")
    )
    review_due = models.DateField(
        _("next check due"), null=True, blank=True, help_text=_("When it must be checked again.")
    )

    review_panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("content_owner"),
                FieldPanel("reviewed_on"),
                FieldPanel("review_due"),
            ],
            heading=_("Who answers for this page"),
        )
    ]
    promote_panels: ClassVar = [*Page.promote_panels, *review_panels]

    #: What staff find it by in the admin.
    search_fields: ClassVar = [*Page.search_fields, index.AutocompleteField("title_of_draft")]

    #: Whether the page's own template says that some of its text is not translated.
    has_own_notice: ClassVar[bool] = False

    # One path per service in all languages.
    override_translatable_fields: ClassVar = [SynchronizedField("slug", overridable=False)]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Bring Uzbek and Karakalpak texts to one spelling of signs, however they come in."""
        super().clean()
        tidying.tidy_page(self)

    def publish_problems(self) -> list[publishing.Problem]:
        """What this page lacks before it may be published; empty where nothing does."""
        return []

    def publish(self, revision: Any, **kwargs: Any) -> Any:
        """Publish a revision unless the page lacks something.

        Raises PublishBlocked with the list of problems. `past_the_gate(reason)` opens the gate
        for an operator's act. A page that is derived by conversion has what its source has, and
        the source has passed.
        """
        derived = self.locale.language_code in registry.DERIVED
        with transaction.atomic():
            if not publishing.bypass_reason() and not derived:
                problems = revision.as_object().publish_problems()
                problems += translations.problems(self, revision)
                if problems:
                    raise publishing.PublishBlocked(problems)
            if self.alias_of_id:
                translations.becomes_a_page(self, revision)
            return super().publish(revision, **kwargs)

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Wagtail's, which asks for the ancestors only where any page is restricted at all."""
        if not PageViewRestriction.objects.exists():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    @cached_property
    def own_languages(self) -> frozenset[str]:
        """Codes of the languages in which readers find a text of their own, not an alias."""
        key = self.translation_key
        rows = Page.objects.filter(translation_key=key, live=True, alias_of=None)
        codes = rows.values_list("locale__language_code", flat=True)
        return publishing.kept(f"languages:{key}", lambda: frozenset(codes))

    @property
    def title_of_draft(self) -> str:
        """The newest title of a page that is not published; empty where it is.

        The drafts of a published page are not for everybody who may see the page.
        """
        return "" if self.live else self.draft_title

    @cached_property
    def partly_translated(self) -> bool:
        """Whether some of this translation is still shown in Uzbek; an alias is wholly so."""
        if self.alias_of_id or not translations.by_people(self.locale):
            return False

        def lacks() -> int:
            translation = translations.open_translation(self)
            total, done = translation.get_progress() if translation else (0, 0)
            return max(0, total - done)

        return publishing.kept(f"untranslated:{self.pk}", lacks) > 0

    @property
    def answering_body(self) -> str:
        """Who answers for the text, as the foot of the page says it."""
        return self.content_owner

    @property
    def checked_on(self) -> date | None:
        """When the text was last checked; the last publication where no check is recorded."""
        if self.reviewed_on:
            return self.reviewed_on
        published = self.last_published_at
        return timezone.localtime(published).date() if published else None

    @property
    def view_key(self) -> str:
        """What views of this page are counted under: the same in all languages."""
        return f"page:{self.translation_key}"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Wagtail's context; rooms add their own."""
        return super().get_context(request, *args, **kwargs)
