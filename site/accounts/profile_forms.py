"""The profile, as its owner keeps it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import notifying, services
from accounts.dates import DateBoxesField
from accounts.form_parts import PlainMixin
from accounts.models import Profile
from core.models import District


class ProfileForm(PlainMixin, forms.ModelForm[Profile]):
    """What forms are filled in with; the personal number is confirmed by OneID elsewhere."""

    birth_date = DateBoxesField(label=_("Date of birth"), required=False)
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    class Meta:
        model = Profile
        fields = (
            "full_name_latin",
            "full_name_cyrillic",
            "birth_date",
            "district",
            "address",
            "language",
            "notify_sms",
            "notify_email",
        )
        labels: ClassVar = {
            "full_name_latin": _("Full name in Latin letters"),
            "full_name_cyrillic": _("Full name in Cyrillic letters"),
            "district": _("City or district"),
            "address": _("Street, house, flat"),
            "notify_sms": _("Tell me by SMS"),
            "notify_email": _("Tell me by e-mail"),
        }
        help_texts: ClassVar = {"full_name_latin": _("As in your passport.")}
        widgets: ClassVar = {
            "full_name_latin": forms.TextInput(attrs={"autocomplete": "name"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = self.instance.user.language
        self._offer_channels()
        district = self.fields["district"]
        district.queryset = District.objects.exclude(kind=District.Kind.REPUBLIC)  # type: ignore[attr-defined]
        district.empty_label = _("Not chosen")  # type: ignore[attr-defined]

    def _offer_channels(self) -> None:
        """A box for each channel; those of SMS and e-mail as they hold before anybody chose."""
        wanted = notifying.choices_of(self.instance.user)
        self.fields["notify_sms"] = forms.BooleanField(
            label=_("Tell me by SMS"), required=False, initial=wanted["sms"]
        )
        self.initial["notify_sms"] = wanted["sms"]
        for channel in notifying.more_channels():
            self.fields[f"channel_{channel.code}"] = forms.BooleanField(
                label=str(channel.label), required=False, initial=wanted[channel.code]
            )

    @transaction.atomic
    def save(self, commit: bool = True) -> Profile:
        """Keep the language in the account, and which channels were asked for."""
        self.instance.more_channels = [
            channel.code
            for channel in notifying.more_channels()
            if self.cleaned_data.get(f"channel_{channel.code}")
        ]
        profile = super().save(commit)
        services.change_language(profile.user, self.cleaned_data["language"])
        return profile
