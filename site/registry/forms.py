"""Forms of the registry's desk in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.widgets import TextMapFormField
from registry import columns, proposing
from registry.models import PlanLine, Proposal, Session
from service_pages.models import Service
from service_pages.vocabulary import Phase, Status

#: What each kind of proposal changes; the rest of the form's fields are not asked then.
NEEDED = {
    Proposal.Kind.INCLUDE: ("phase", "planned_on"),
    Proposal.Kind.ADVANCE: ("phase", "planned_on"),
    Proposal.Kind.RESCHEDULE: ("planned_on",),
    Proposal.Kind.SUSPEND: (),
    Proposal.Kind.RETIRE: (),
}
#: Kinds that say the status by themselves.
_STATUS = {Proposal.Kind.SUSPEND: Status.SUSPENDED, Proposal.Kind.RETIRE: Status.RETIRED}


class ServiceField(forms.ModelChoiceField):
    """A service by number and title."""

    def label_from_instance(self, obj: Service) -> str:
        """Number and title."""
        if not hasattr(self, "called"):
            assert self.queryset is not None
            self.called = columns.called(self.queryset, get_language() or "uz")
        return self.called.get(obj.pk, str(obj))


class ProposalForm(forms.Form):
    """What an agency proposes; `change()` gives it as the council decides it."""

    service = ServiceField(queryset=Service.objects.none(), label=_("Service"))
    kind = forms.ChoiceField(choices=Proposal.Kind.choices, label=_("What is proposed"))
    phase = forms.TypedChoiceField(
        choices=[("", "–"), *Phase.choices], coerce=int, empty_value=None, required=False,
        label=_("Phase that the service is to reach"),
    )  # fmt: skip
    planned_on = forms.DateField(
        required=False, label=_("Day on which it starts"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Example: 2027-03-01"),
    )  # fmt: skip
    reason = TextMapFormField(
        rows=3, label=_("Why"),
        help_text=_("The council reads it, and for another day everybody: what kept the agency from "
                    "the first one. What is not in a language is shown in Uzbek there."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        if isinstance(field, ServiceField):
            field.queryset = proposing.services_for(user)

    def clean(self) -> dict[str, Any]:
        """What the kind needs is filled in."""
        cleaned = super().clean() or {}
        for name in NEEDED.get(cleaned.get("kind", ""), ()):  # type: ignore[call-overload]
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Needed for this proposal."))
        self._check_course(cleaned)
        return cleaned

    def _check_course(self, cleaned: dict[str, Any]) -> None:
        """What is proposed leads on from where the service stands."""
        kind, service = cleaned.get("kind"), cleaned.get("service")
        day, phase = cleaned.get("planned_on"), cleaned.get("phase")
        if day is not None and day < timezone.localdate():
            self.add_error("planned_on", _("This day is over."))
        if service is None:
            return
        is_planned = PlanLine.objects.open().filter(service=service).exists()
        if kind == Proposal.Kind.RESCHEDULE and not is_planned:
            self.add_error("kind", _("This service is not on the plan: propose a phase for it."))
        if kind == Proposal.Kind.ADVANCE and phase is not None and phase <= service.phase:
            self.add_error("phase", _("The service has reached this phase already."))
        if kind in _STATUS and service.status == Status.RETIRED:
            self.add_error("kind", _("This service is retired already."))

    def change(self) -> dict[str, Any]:
        """The change as registry/deciding.py reads it."""
        kind = self.cleaned_data["kind"]
        change = {name: self.cleaned_data[name] for name in NEEDED[kind]}
        return change | ({"status": _STATUS[kind]} if kind in _STATUS else {})


class SessionForm(forms.ModelForm):
    """A session to come."""

    class Meta:
        model = Session
        fields = ("number", "held_on", "place")
        widgets = {"held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class WordsForm(forms.Form):
    """Why something is on the agenda, in every language."""

    text = TextMapFormField(rows=3, label=_("Why"))


class DecisionForm(forms.Form):
    """A decision on items of the agenda, one choice for each item."""

    number = forms.CharField(max_length=40, label=_("Number of the decision"))
    text = TextMapFormField(rows=4, label=_("Text of the decision"))
