"""Forms of the editor's side: offices, discounts, base amounts, a draft from a similar service."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MinValueValidator
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from accounts.models import Agency, Role
from accounts.phones import clean_phone
from core.models import BaseAmount, District
from core.money import TIYIN_IN_SOUM, soums
from service_pages import vocabulary
from service_pages.models import (
    CatalogueEntry,
    Discount,
    LifeEvent,
    Office,
    Service,
    ServicePage,
)
from service_pages.permissions import may_keep
from service_pages.records import SLUG
from service_pages.selectors import DAYS

TIMES = ("from", "to", "break_from", "break_to")


class HoursWidget(forms.MultiWidget):
    """A row for each day: opens, closes, break from, break to."""

    template_name = "service_pages/admin/hours.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                f"{day}_{name}": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                for day in DAYS
                for name in TIMES
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[str]:
        """Spans as a list of 28 times."""
        times: dict[str, str] = {}
        for span in value or []:
            for day in span.get("days", []):
                times |= {f"{day}_{name}": span.get(name, "") for name in TIMES}
        return [times.get(f"{day}_{name}", "") for day in DAYS for name in TIMES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Group the inputs by day, each with a name that is read aloud."""
        context = super().get_context(name, value, attrs)
        labels = [_("opens"), _("closes"), _("break from"), _("break to")]
        inputs = context["widget"]["subwidgets"]
        context["labels"] = labels
        context["rows"] = []
        for number, _day in enumerate(DAYS):
            day_name = WEEKDAYS[number]
            row = inputs[number * len(TIMES) : (number + 1) * len(TIMES)]
            for cell, label in zip(row, labels, strict=True):
                cell["attrs"]["aria-label"] = f"{day_name}: {label}"
            context["rows"].append({"day": day_name, "inputs": row})
        return context


class HoursField(forms.MultiValueField):
    """Working hours by day; days with the same times become one span."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        fields = [forms.TimeField(required=False) for _day in DAYS for _name in TIMES]
        kwargs["widget"] = HoursWidget()
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[time | None]) -> list[dict[str, Any]]:
        """Spans; a day without times is a day off. Raises ValidationError on half a day."""
        spans: dict[tuple[str, ...], list[str]] = {}
        for number, day in enumerate(DAYS if data_list else ()):
            row = data_list[number * len(TIMES) : (number + 1) * len(TIMES)]
            opens, closes, pause, resumes = row
            if opens is None and closes is None:
                continue
            if opens is None or closes is None or opens >= closes:
                raise forms.ValidationError(_("A day opens before it closes."))
            if (pause is None) != (resumes is None):
                raise forms.ValidationError(_("A break has a beginning and an end."))
            if pause and resumes and not opens <= pause < resumes <= closes:
                raise forms.ValidationError(_("A break lies within the working day."))
            key = tuple(f"{value:%H:%M}" if value else "" for value in row)
            spans.setdefault(key, []).append(day)
        return [
            {"days": days} | {name: value for name, value in zip(TIMES, key, strict=True) if value}
            for key, days in spans.items()
        ]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Spans are a list too, which Django takes for the inputs' own values."""
        return super().has_changed(self.widget.decompress(initial), data)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """An empty list instead of nothing."""
        return super().clean(value) or []


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Lines that are not empty."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class WordsField(forms.MultipleChoiceField):
    """Some of the words of a vocabulary."""

    widget = forms.CheckboxSelectMultiple


class OfficeForm(WagtailAdminModelForm):
    """An office; agency and district only as far as the editor keeps them."""

    hours = HoursField(label=_("Working hours"), required=False)
    phones = LinesField(
        label=_("Phones"), required=False, help_text=_("One a line. Example: +998 61 000-00-00")
    )
    services_accepted = WordsField(
        label=_("Services accepted"),
        required=False,
        help_text=_("None ticked: all services of the agency."),
    )

    class Meta:
        model = Office
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.for_user
        # Wagtail also builds the form without a user, to see its fields.
        if user is not None and not user.is_superuser and "agency" in self.fields:
            memberships = list(user.memberships.filter(role=Role.EDITOR))
            self._limit("agency", Agency, {row.agency_id for row in memberships})
            self._limit("district", District, {row.district_id for row in memberships})
        if "services_accepted" in self.fields:
            self.fields["services_accepted"].choices = self._services()

    def _limit(self, name: str, model: Any, ids: set[int | None]) -> None:
        rows = model.objects.all() if None in ids else model.objects.filter(pk__in=ids)
        self.fields[name].queryset = rows

    def _services(self) -> list[tuple[str, str]]:
        office = self.instance
        keys = list(office.services_accepted or [])
        if office.agency_id:
            keys += Service.objects.filter(agency_id=office.agency_id).values_list("key", flat=True)
        titles = dict(
            CatalogueEntry.objects.filter(
                language=settings.LANGUAGE_CODE, service__key__in=keys
            ).values_list("service__key", "title")
        )
        return [(key, titles.get(key, key)) for key in sorted(set(keys))]

    def clean_phones(self) -> list[str]:
        """Each phone can be dialled. Raises ValidationError on one that cannot."""
        for number in self.cleaned_data["phones"]:
            clean_phone(number)
        return self.cleaned_data["phones"]

    def clean(self) -> dict[str, Any]:
        """A point has both halves, and the office lies in what the editor keeps."""
        data = super().clean() or {}
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("longitude", _("Give both latitude and longitude, or neither."))
        agency, district = data.get("agency"), data.get("district")
        if self.for_user is not None and agency and district:
            wanted = Office(agency=agency, district=district)
            if not may_keep(self.for_user, wanted):
                self.add_error("district", _("You do not keep offices of this agency here."))
        return data


class DiscountForm(WagtailAdminModelForm):
    """A discount with its kinds of fees and channels as words."""

    applies_to = WordsField(label=_("Kinds of fees"), choices=vocabulary.FeeKind.choices)
    channels = WordsField(label=_("Channels"), choices=vocabulary.Channel.choices)

    class Meta:
        model = Discount
        fields = "__all__"


class LifeEventForm(WagtailAdminModelForm):
    """A life event with its audience as words."""

    audience = WordsField(label=_("For whom"), required=False, choices=vocabulary.Audience.choices)

    class Meta:
        model = LifeEvent
        fields = "__all__"


class BaseAmountForm(WagtailAdminModelForm):
    """A base amount, written in soʻm as the act writes it."""

    amount = forms.DecimalField(
        label=_("Amount in soʻm"), max_digits=14, decimal_places=2,
        validators=[MinValueValidator(Decimal(1))], help_text=_("Example: 412000"),
    )  # fmt: skip

    class Meta:
        model = BaseAmount
        fields = ("effective_from", "act")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.amount_tiyin:
            self.initial["amount"] = Decimal(self.instance.amount_tiyin) / TIYIN_IN_SOUM

    def save(self, commit: bool = True) -> Any:
        """Keep it in tiyin."""
        self.instance.amount_tiyin = soums(self.cleaned_data["amount"])
        return super().save(commit)


class StartForm(forms.Form):
    """Which service a new draft starts from, and what the new one is called."""

    source = forms.ModelChoiceField(
        label=_("Start from"), queryset=ServicePage.objects.none(),
        help_text=_("Its terms, fees, documents, steps and grounds are copied into the draft."),
    )  # fmt: skip
    title = forms.CharField(
        label=_("Title of the new service"), max_length=200,
        help_text=_("Example: Nikoh haqida maʼlumotnoma"),
    )  # fmt: skip
    key = forms.RegexField(
        rf"^(?:{SLUG.pattern})\Z", label=_("Key"), max_length=100,
        help_text=_("Stands in the address and never changes. Example: nikoh-malumotnoma"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = ServicePage.objects.filter(
            locale__language_code=settings.LANGUAGE_CODE, alias_of__isnull=True, live=True
        ).order_by("title")

    def clean_key(self) -> str:
        """A key of its own. Raises ValidationError where it is taken."""
        key: str = self.cleaned_data["key"]
        if Service.objects.filter(key=key).exists():
            raise forms.ValidationError(_("There is a service with this key already."))
        return key
