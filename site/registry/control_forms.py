"""Forms of the control card, of posts that change hands and of agencies that change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.widgets import TextMapFormField
from registry.forms import ServiceField
from registry.models import ControlTask, PostHolding
from service_pages.models import Service


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ControlTaskForm(forms.ModelForm):
    """A clause of an act, or an act that stands in a service's way."""

    service = ServiceField(queryset=Service.objects.none(), required=False, label=_("Service"))

    class Meta:
        model = ControlTask
        fields = (
            "kind", "document", "act", "clause", "text", "service", "agency", "post", "due_on",
            "every_year", "milestone",
        )  # fmt: skip
        widgets = {"due_on": _day()}

    def __init__(self, *args: Any, services: Any, keeper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        if isinstance(field, ServiceField):
            field.queryset = services
        documents = self.fields["document"]
        if isinstance(documents, forms.ModelChoiceField):
            documents.queryset = documents.queryset.filter(  # type: ignore[union-attr]
                locale__language_code="uz", alias_of=None
            ).order_by("title")
        if not keeper:
            # An agency puts barriers of its own services on the card, nothing else.
            self.fields["kind"].choices = [  # type: ignore[attr-defined]
                (ControlTask.Kind.BARRIER.value, ControlTask.Kind.BARRIER.label)
            ]
            for name in ("every_year", "milestone"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A barrier names its service; an act is named one way or the other."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == ControlTask.Kind.BARRIER and not cleaned.get("service"):
            self.add_error("service", _("A legal barrier stands in the way of one service: which?"))
        if not cleaned.get("document") and not cleaned.get("act"):
            self.add_error("act", _("Name the act, or choose it from the library."))
        return cleaned


class StepForm(forms.Form):
    """A step of a task."""

    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False,
        label=_("What was done, or why"),
    )  # fmt: skip
    proof = forms.URLField(
        required=False, label=_("Where the proof is read"), assume_scheme="https",
        help_text=_("Example: https://lex.uz/docs/-6671065"),
    )  # fmt: skip
    day = forms.DateField(required=False, widget=_day(), label=_("New day, where it moves"))


class HolderForm(forms.Form):
    """A post changes hands."""

    post = forms.ChoiceField(choices=PostHolding.Post.choices, label=_("Post"))
    name = forms.CharField(max_length=120, label=_("Who holds it now"))
    since = forms.DateField(widget=_day(), label=_("From"), initial=timezone.localdate)


class RenameForm(forms.Form):
    """An agency gets another name."""

    name = TextMapFormField(rows=2, label=_("New name"))
    on = forms.DateField(widget=_day(), label=_("From"), initial=timezone.localdate)
    act = forms.CharField(
        max_length=200, label=_("By which act"),
        help_text=_("Body, number and day. Example: Vazirlar Kengashi, 2-may 2009, 64/5-son"),
    )  # fmt: skip


class MergeForm(forms.Form):
    """Another agency takes over."""

    successor = forms.ModelChoiceField(
        queryset=Agency.objects.filter(active=True), label=_("Agency that takes over")
    )
    on = forms.DateField(widget=_day(), label=_("From"), initial=timezone.localdate)
    act = forms.CharField(max_length=200, label=_("By which act"))
    sure = forms.BooleanField(
        label=_("Services, pages and open requests move to it. This cannot be undone.")
    )

    def __init__(self, *args: Any, former: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            field.queryset = field.queryset.exclude(pk=former.pk)
