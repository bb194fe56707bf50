"""Agencies, people and organisations in the administrator's menu."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup
from wagtail.users.views.users import UserViewSet

from accounts import services, staff
from accounts.models import Agency, AgencyName, Membership, Organization, Representation, User
from accounts.phones import PhoneField
from core.choosers import KeepersChooser, NoChooser


class AgencyViewSet(SnippetViewSet):
    """Public bodies: the tenants of the portal."""

    model = Agency
    icon = "group"
    list_display = ("__str__", "key", "code", "kind", "active")
    list_filter = ("kind", "level", "active")
    ordering = ("order", "key")
    panels: ClassVar = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("key"), FieldPanel("code"), FieldPanel("order")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("level")]),
        FieldRowPanel([FieldPanel("parent"), FieldPanel("territory")]),
        MultiFieldPanel(
            [
                FieldPanel("head_post"),
                FieldPanel("head_name"),
                FieldPanel("executor_post"),
                FieldPanel("executor_name"),
            ],
            heading=_("Who answers"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("hotline"),
                FieldPanel("email"),
                FieldPanel("website"),
                FieldPanel("address"),
                FieldPanel("reception"),
                FieldPanel("working_hours"),
            ],
            heading=_("Contacts"),
        ),
        FieldRowPanel([FieldPanel("sign_off_required"), FieldPanel("active")]),
    ]


class AgencyNameViewSet(SnippetViewSet):
    """Former names, with their dates."""

    model = AgencyName
    chooser_viewset_class = NoChooser
    icon = "history"
    list_display = ("__str__", "agency", "used_from", "used_to")
    list_filter = ("agency",)


class MembershipViewSet(SnippetViewSet):
    """Who works where, as what."""

    model = Membership
    chooser_viewset_class = NoChooser
    icon = "user"
    list_display = ("user", "agency", "role", "district", "valid_from", "valid_until")
    list_filter = ("role", "agency")
    add_to_reference_index = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Also roles that begin later or have ended."""
        return Membership.with_dates.all()


class OrganizationViewSet(SnippetViewSet):
    """Firms."""

    model = Organization
    chooser_viewset_class = KeepersChooser
    icon = "site"
    list_display = ("name", "stir")


class RepresentationViewSet(SnippetViewSet):
    """Mandates of people for firms."""

    model = Representation
    chooser_viewset_class = NoChooser
    icon = "key"
    list_display = ("user", "organization", "role", "basis", "valid_from", "valid_until")
    list_filter = ("basis",)
    add_to_reference_index = False


class PeopleGroup(SnippetViewSetGroup):
    """One menu for people and organisations."""

    menu_label = _("People and organisations")
    menu_icon = "group"
    menu_order = 400
    items = (
        AgencyViewSet,
        AgencyNameViewSet,
        MembershipViewSet,
        OrganizationViewSet,
        RepresentationViewSet,
    )


class AccountForm(forms.ModelForm[User]):
    """An account as an administrator makes it. Roles, and with them groups, are memberships."""

    phone = PhoneField(required=False)
    password1 = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to change nothing. Without one a code is sent each time."),
    )

    class Meta:
        model = User
        fields = ("full_name", "email", "phone", "language", "is_superuser", "is_active")

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_superuser"].label = _("Administrator of the portal")
        if editing_self:
            del self.fields["is_superuser"], self.fields["is_active"]

    def clean(self) -> dict[str, Any]:
        """A contact is needed, and a password must keep the rules."""
        data = super().clean() or {}
        # Empty texts would be values: two accounts without a phone would clash.
        data["email"] = (data.get("email") or "").lower() or None
        data["phone"] = data.get("phone") or None
        if not (data["email"] or data["phone"] or self.errors):
            self.add_error("email", _("Give a phone number or an e-mail."))
        if data.get("password1"):
            try:
                validate_password(data["password1"], self.instance)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return data

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Save; the administrator vouches for the contacts."""
        user = super().save(commit=False)
        if self.cleaned_data.get("password1"):
            user.set_password(self.cleaned_data["password1"])
        elif user.pk is None:
            user.set_unusable_password()
        if "phone" in self.changed_data:
            user.phone_verified = False
        before = User.objects.filter(pk=user.pk).values_list("is_superuser", flat=True).first()
        user.save()
        if bool(before) != user.is_superuser:
            staff.note_administrator(user)
        services.confirm_contact(user)
        services.sync_access(user)
        return user


class AccountViewSet(UserViewSet):
    """Accounts in the settings menu."""

    icon = "user"
    ordering = "login"
    create_template_name = "accounts/admin/user_create.html"
    edit_template_name = "accounts/admin/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """One form for new and old accounts."""
        return AccountForm
