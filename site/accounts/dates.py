"""A date as three number boxes: no picker, no script, works on any phone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WRONG_DATE = _("There is no such date. Example: 05.03.2026")


class DateBoxesWidget(forms.MultiWidget):
    """Day, month, year; each box has its own label in `accounts/widgets/date_boxes.html`."""

    template_name = "accounts/widgets/date_boxes.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = {"class": "input input--2", "inputmode": "numeric"}
        super().__init__(
            {
                "day": forms.TextInput(attrs=box | {"maxlength": 2, "autocomplete": "bday-day"}),
                "month": forms.TextInput(
                    attrs=box | {"maxlength": 2, "autocomplete": "bday-month"}
                ),
                "year": forms.TextInput(
                    attrs=box
                    | {"class": "input input--4", "maxlength": 4, "autocomplete": "bday-year"}
                ),
            },
            attrs,
        )

    def id_for_label(self, id_: str) -> str:
        """The first box: where a link from the list of mistakes leads."""
        return f"{id_}_0" if id_ else ""

    def decompress(self, value: Any) -> list[Any]:
        """Day, month and year of a date."""
        return [value.day, value.month, value.year] if isinstance(value, date) else [None] * 3

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the words over the boxes."""
        found = super().get_context(name, value, attrs)
        words = (_("Day"), _("Month"), _("Year"))
        for box, word in zip(found["widget"]["subwidgets"], words, strict=True):
            box["word"] = word
        return found


class DateBoxesField(forms.MultiValueField):
    """A date of birth from three boxes; None where all are empty."""

    widget = DateBoxesWidget
    may_be_ahead = False

    def __init__(self, **kwargs: Any) -> None:
        boxes = [forms.CharField(required=False, max_length=4) for _box in range(3)]
        super().__init__(boxes, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> date | None:
        """The date. Raises ValidationError where there is no such date or it is yet to come."""
        if not any(data_list):
            return None
        try:
            day, month, year = (int(text) for text in data_list)
            born = date(year, month, day)
        except ValueError as error:
            raise forms.ValidationError(WRONG_DATE) from error
        latest = date(2200, 1, 1) if self.may_be_ahead else timezone.localdate()
        if not date(1900, 1, 1) <= born <= latest:
            raise forms.ValidationError(WRONG_DATE)
        return born


class DayBoxesField(DateBoxesField):
    """Any day from three boxes, one that is yet to come too; nobody's birthday is filled in."""

    may_be_ahead = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for box in self.widget.widgets:
            box.attrs["autocomplete"] = "off"
