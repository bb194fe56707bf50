"""The box for a code of `accounts.codes`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.form_parts import NO_ANSWER


class OwnCodeForm(forms.Form):
    """Six digits from an SMS or an e-mail."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Six digits from the message."),
        max_length=12,
        error_messages={"required": NO_ANSWER},
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
            }
        ),
    )

    def refuse(self) -> None:
        """The code is not the one."""
        self.add_error("code", _("The code is wrong or too old."))

    @classmethod
    def of(cls, data: Any, action: str = "confirm") -> OwnCodeForm:
        """Filled in where a code was pressed for, else empty."""
        return cls(data if data.get("action") == action else None)
