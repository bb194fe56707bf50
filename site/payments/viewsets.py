"""Accounts for payments in the administrator's menu; a key is written once and never shown again."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from core.choosers import NoChooser
from payments.models import MerchantAccount, MerchantKey


class MerchantAccountForm(WagtailAdminModelForm):
    """An account with a new key to add and old ones to retire: both open until then."""

    new_key = forms.CharField(
        label=_("New key"),
        required=False,
        max_length=200,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Written once, encrypted, never shown. The old ones go on opening."),
    )
    retire_keys = forms.BooleanField(
        label=_("Retire all keys but the newest"),
        required=False,
        help_text=_("Once the provider uses the new one."),
    )

    def save(self, commit: bool = True) -> Any:
        """Keep the account, its new key, and what is retired."""
        account = super().save(commit=commit)
        if commit:
            self._change_keys(account)
        return account

    @transaction.atomic
    def _change_keys(self, account: MerchantAccount) -> None:
        if self.cleaned_data.get("new_key"):
            MerchantKey.objects.create(
                account=account, secret=self.cleaned_data["new_key"], added_by=self.for_user
            )
        if self.cleaned_data.get("retire_keys"):
            newest = account.keys.filter(retired_at__isnull=True).order_by("-pk").first()
            old = account.keys.filter(retired_at__isnull=True)
            old.exclude(pk=newest.pk if newest else None).update(retired_at=timezone.now())


MerchantAccount.base_form_class = MerchantAccountForm


class MerchantAccountViewSet(SnippetViewSet):
    """Where agencies' money goes."""

    model = MerchantAccount
    chooser_viewset_class = NoChooser
    icon = "key"
    menu_label = _("Accounts for payments")
    add_to_settings_menu = True
    list_display = ("__str__", "agency", "provider", "active", "sandbox", "uuid")
    list_filter = ("provider", "active", "agency")
    panels: ClassVar = [
        FieldRowPanel([FieldPanel("agency"), FieldPanel("provider")]),
        FieldRowPanel([FieldPanel("active"), FieldPanel("sandbox")]),
        MultiFieldPanel(
            [FieldPanel("merchant_id"), FieldPanel("service_id"), FieldPanel("merchant_user_id")],
            heading=_("Numbers at the provider"),
        ),
        MultiFieldPanel([FieldPanel("new_key"), FieldPanel("retire_keys")], heading=_("Keys")),
        MultiFieldPanel(
            [
                FieldPanel("payee_name"),
                FieldPanel("payee_stir"),
                FieldPanel("payee_address"),
                FieldPanel("bank_account"),
                FieldPanel("bank_name"),
                FieldPanel("bank_mfo"),
                FieldPanel("treasury_account"),
            ],
            heading=_("Requisites"),
        ),
        MultiFieldPanel(
            [FieldPanel("ikpu"), FieldPanel("package_code"), FieldPanel("vat_percent")],
            heading=_("Fiscal receipt"),
        ),
    ]
