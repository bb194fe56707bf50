"""Pages of the desk beside the inbox: the library of texts, and who is away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Agency, User
from accounts.selectors import staff_of
from casework import desk
from casework.models import AnswerTemplate
from core.http import number_in, see_other
from core.own_language import in_own_language
from core.texts import pick
from core.widgets import TextMapFormField
from languages import registry
from service_pages.models import Service


class NamedAgency(forms.ModelChoiceField):
    """Agencies by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": gettext_lazy("Choose")} | kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The name in the reader's language."""
        return pick(obj.name, translation.get_language() or registry.SOURCE)


class TextForm(forms.ModelForm[AnswerTemplate]):
    """One text of the library."""

    agency = NamedAgency(Agency.objects.none(), label=gettext_lazy("Agency"))
    text = TextMapFormField(rows=4, label=gettext_lazy("Text"))

    class Meta:
        model = AnswerTemplate
        fields = ("agency", "service", "name", "text", "active")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = desk.writes_for(user)
        chooser: Any = self.fields["agency"]
        chooser.queryset = agencies
        services: Any = self.fields["service"]
        services.empty_label = gettext_lazy("All")
        services.queryset = Service.objects.filter(agency__in=agencies)


class AbsenceForm(forms.Form):
    """Days away."""

    agency = NamedAgency(Agency.objects.none(), label=gettext_lazy("Agency"))
    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who is away"))
    substitute = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who stands in"))
    first_day = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = list(desk.writes_for(user)[:50])
        people = User.objects.filter(
            pk__in={
                pk
                for a in agencies
                for pk in staff_of(a, *desk.WRITING).values_list("pk", flat=True)
            }
        )
        for name, rows in (("agency", desk.writes_for(user)), ("person", people),
                           ("substitute", people)):  # fmt: skip
            chooser: Any = self.fields[name]
            chooser.queryset = rows
            chooser.empty_label = gettext_lazy("Choose")
        self.initial.setdefault("person", user.pk)
        if len(agencies) == 1:
            self.initial.setdefault("agency", agencies[0].pk)


def _writer(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not desk.writes_for(user).exists():
        raise PermissionDenied
    return user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def texts(request: HttpRequest) -> HttpResponse:
    """The library of the reader's agencies; a new text."""
    user = _writer(request)
    form = TextForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return done(request, "casework_texts")
    rows = AnswerTemplate.objects.filter(agency__in=desk.writes_for(user)).select_related("agency")
    context = {"form": form, "texts": list(rows), "heading": _("Library of texts")}
    return render(request, "casework/admin/texts.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """One text of the library. Another agency's does not exist."""
    user = _writer(request)
    row = get_object_or_404(AnswerTemplate, pk=pk, agency__in=desk.writes_for(user))
    form = TextForm(user, request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        return done(request, "casework_texts")
    context = {"form": form, "row": row, "heading": row.name}
    return render(request, "casework/admin/texts.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away, and who stands in."""
    user = _writer(request)
    if ended := number_in(request.POST.get("end")):
        if not desk.end_absence(ended, user):
            raise PermissionDenied
        return done(request, "casework_absences")
    form = AbsenceForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            desk.enter_absence(
                data["person"], data["substitute"], data["agency"], data["first_day"],
                data["last_day"], user,
            )  # fmt: skip
        except ValueError as problem:
            if str(problem) == "days":
                form.add_error("last_day", _("These days cannot be."))
            else:
                form.add_error("substitute", _("Both must answer in this agency; only the head "
                                               "enters others."))  # fmt: skip
        else:
            return done(request, "casework_absences")
    context = {"form": form, "absences": list(desk.absences_of(user)), "heading": _("Absences")}
    status = 400 if form.errors else 200
    return render(request, "casework/admin/absences.html", context, status=status)


def done(request: HttpRequest, name: str) -> HttpResponse:
    """Say so, on the page of that name."""
    messages.success(request, _("Done."))
    return see_other(name)
