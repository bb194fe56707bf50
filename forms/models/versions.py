"""A form's identity and its versions."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from core.rows import WrittenOnce
from core.texts import pick
from forms import differences
from forms.engine.schema import Schema
from service_pages.models import Service


class Forgetting(models.TextChoices):
    """What happens to answers whose time is over."""

    ANONYMISE = "anonymise", _("forget who sent them, keep the rest for statistics")
    PURGE = "purge", _("delete them")


class FormDefinition(index.Indexed, models.Model):
    """A form's identity: its versions come and go, its page may move, this stays."""

    search_fields: ClassVar = [
        index.AutocompleteField("key"),
        index.RelatedFields(
            "service", [index.AutocompleteField("key"), index.AutocompleteField("titles")]
        ),
    ]

    key = models.SlugField(
        _("key"), max_length=100, unique=True, help_text=_("Stands in addresses: form-kindergarten")
    )
    #: None for a free-standing form.
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="forms",
        verbose_name=_("service"),
    )  # fmt: skip
    active = models.BooleanField(_("open for requests"), default=True)
    #: Counted from the day of sending. Empty: kept as long as the law on archives asks.
    retention_days = models.PositiveIntegerField(
        _("days that answers are kept"), null=True, blank=True,
        help_text=_("Empty: as long as the law asks. Never before a request is closed."),
    )  # fmt: skip
    #: Uzbek text → text map: what an import or a copy brought along in other languages. It stands
    #: in where a translation of the page has no text of its own yet.
    memory = models.JSONField(default=dict, blank=True, editable=False)
    retention_action = models.CharField(
        _("then"), max_length=10, choices=Forgetting.choices, default=Forgetting.ANONYMISE
    )

    class Meta:
        ordering = ("key",)
        verbose_name = _("form")
        verbose_name_plural = _("forms")

    def __str__(self) -> str:
        return self.key

    @property
    def current(self) -> FormVersion | None:
        """The newest version, or None before the first."""
        return self.versions.order_by("-number").first()

    @property
    def newest_id(self) -> int | None:
        """Primary key of `current`: to see whether there is another version."""
        return self.versions.order_by("-number").values_list("pk", flat=True).first()


#: Parsed schemas by hash and number of their versions, which never change.
_schemas: dict[tuple[str, int], Schema] = {}
_MOST_SCHEMAS = 500


class FormVersion(WrittenOnce):
    """A form as it was published, with its texts in all languages. Never changes."""

    definition = models.ForeignKey(
        FormDefinition, on_delete=models.PROTECT, related_name="versions", verbose_name=_("form")
    )
    number = models.PositiveIntegerField(_("number"))
    #: JSON of the schema: an item of `forms.json` with texts in all languages.
    content = models.JSONField()
    #: SHA-256 of keys, types, rules and conditions, and of everything.
    structure_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("published by"),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ("-number",)
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["definition", "number"], name="form_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.number}"

    @property
    def changes(self) -> str:
        """What changed since the version before, in the reader's language; one line a question."""
        before = FormVersion.objects.filter(
            definition_id=self.definition_id, number__lt=self.number
        ).first()
        if before is None:
            return gettext("The first version.")
        language = get_language() or settings.LANGUAGE_CODE
        lines = differences.between(before.schema, self.schema, language)
        return "\n".join(map(str, lines)) or gettext("Only rules or words of other languages.")

    @cached_property
    def schema(self) -> Schema:
        """The schema, parsed: once in a process, so that a query for pages of a form may leave
        `content` unread."""
        key = (self.content_hash, self.number)
        found = _schemas.get(key)
        if found is None:
            if len(_schemas) >= _MOST_SCHEMAS:
                _schemas.clear()
            found = _schemas[key] = Schema.from_json(self.content)
        return found

    def title(self, language: str | None = None) -> str:
        """The form's title for a reader of `language` (default: the active one)."""
        return pick(self.schema.title, language)
