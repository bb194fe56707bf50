"""People and organisations. Depends on no Wagtail page: Wagtail's own migrations need the user."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stir",
                    models.CharField(
                        max_length=9,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^\\d{9}$")],
                        verbose_name="tax number (STIR)",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("login", models.CharField(max_length=254, unique=True, verbose_name="login")),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, null=True, unique=True, verbose_name="e-mail"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="In international form. Example: +998901234567",
                        max_length=16,
                        null=True,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^\\+[1-9]\\d{7,14}$")],
                        verbose_name="phone",
                    ),
                ),
                ("phone_verified", models.BooleanField(default=False)),
                (
                    "full_name",
                    models.CharField(blank=True, max_length=150, verbose_name="full name"),
                ),
                (
                    "language",
                    models.CharField(default="uz", max_length=10, verbose_name="language"),
                ),
                (
                    "identity_level",
                    models.CharField(
                        choices=[
                            ("none", "no sign-in needed"),
                            ("account", "account with a confirmed phone or e-mail"),
                            ("oneid", "OneID"),
                            ("eds", "electronic signature"),
                        ],
                        default="account",
                        max_length=8,
                        verbose_name="level of identity",
                    ),
                ),
                ("is_staff", models.BooleanField(default=False, verbose_name="works in an agency")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=100, unique=True, verbose_name="key")),
                (
                    "code",
                    models.CharField(
                        help_text="Stands in the numbers of requests. Example: ADL",
                        max_length=5,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-HJ-NP-Z]{2,5}$", "2 to 5 Latin capitals without I and O."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("council", "Council of Ministers"),
                            ("ministry", "Ministries"),
                            ("committee", "Committees"),
                            ("department", "Departments and agencies"),
                            ("economic_body", "Economic-management bodies"),
                            ("hokimiyat", "City and district hokimiyats"),
                        ],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("republic", "republic"),
                            ("city", "city"),
                            ("district", "district"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("name", core.fields.TextMapField(default=dict, verbose_name="name")),
                (
                    "head_post",
                    core.fields.TextMapField(
                        blank=True, default=dict, verbose_name="post of the head"
                    ),
                ),
                ("head_name", models.CharField(blank=True, max_length=120, verbose_name="head")),
                (
                    "executor_post",
                    core.fields.TextMapField(
                        blank=True, default=dict, verbose_name="post of the responsible executor"
                    ),
                ),
                (
                    "executor_name",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="responsible executor"
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=24, verbose_name="phone")),
                ("hotline", models.CharField(blank=True, max_length=24, verbose_name="hotline")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "address",
                    core.fields.TextMapField(blank=True, default=dict, verbose_name="address"),
                ),
                (
                    "working_hours",
                    models.JSONField(blank=True, default=dict, verbose_name="working hours"),
                ),
                (
                    "reception",
                    core.fields.TextMapField(
                        blank=True, default=dict, verbose_name="reception of citizens"
                    ),
                ),
                (
                    "sign_off_required",
                    models.BooleanField(default=False, verbose_name="the head signs answers"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.agency",
                        verbose_name="superior body",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agencies",
                        to="core.district",
                        verbose_name="territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "agency",
                "verbose_name_plural": "agencies",
                "ordering": ("order", "key"),
            },
        ),
        migrations.CreateModel(
            name="AgencyName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", core.fields.TextMapField(default=dict, verbose_name="name")),
                ("used_from", models.DateField(blank=True, null=True, verbose_name="used from")),
                ("used_to", models.DateField(blank=True, null=True, verbose_name="used to")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "former name",
                "verbose_name_plural": "former names",
                "ordering": ("-used_to", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("officer", "officer"),
                            ("head", "head"),
                            ("clerk", "clerk at the counter"),
                            ("editor", "editor"),
                            ("translator", "translator"),
                            ("approver", "approver"),
                            ("controller", "controller"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: all agencies.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only for an editor of this district's offices.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.district",
                        verbose_name="city or district",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "full_name_latin",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="name in Latin letters"
                    ),
                ),
                (
                    "full_name_cyrillic",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="name in Cyrillic letters"
                    ),
                ),
                (
                    "pinfl",
                    core.fields.EncryptedTextField(
                        blank=True, verbose_name="personal number (PINFL)"
                    ),
                ),
                (
                    "pinfl_index",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                (
                    "birth_date",
                    models.DateField(blank=True, null=True, verbose_name="date of birth"),
                ),
                ("address", models.CharField(blank=True, max_length=250, verbose_name="address")),
                (
                    "notify_email",
                    models.BooleanField(default=True, verbose_name="messages by e-mail"),
                ),
                ("notify_sms", models.BooleanField(default=True, verbose_name="messages by SMS")),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.district",
                        verbose_name="city or district",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profile",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "profile",
            },
        ),
        migrations.CreateModel(
            name="Representation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("head", "head of the organisation"),
                            ("representative", "representative"),
                        ],
                        default="representative",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("head", "head of the organisation"),
                            ("power_of_attorney", "power of attorney"),
                            ("oneid", "OneID"),
                        ],
                        max_length=20,
                        verbose_name="basis",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "scope",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Keys of services; empty: all.",
                        verbose_name="services",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="representations",
                        to="accounts.organization",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="representations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandate",
                "verbose_name_plural": "mandates",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__isnull", False), ("phone__isnull", False), _connector="OR"
                ),
                name="user_email_or_phone",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("login", ""), _negated=True), name="user_login_filled"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__isnull", True),
                    ("email", django.db.models.functions.text.Lower("email")),
                    _connector="OR",
                ),
                name="user_email_in_small_letters",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phone__isnull", True), ("phone__startswith", "+"), _connector="OR"
                ),
                name="user_phone_international",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("parent", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="agency_parent_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyname",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("used_from__isnull", True),
                    ("used_to__isnull", True),
                    ("used_to__gte", models.F("used_from")),
                    _connector="OR",
                ),
                name="agency_name_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                models.F("user"),
                models.F("role"),
                django.db.models.functions.comparison.Coalesce("agency", 0),
                django.db.models.functions.comparison.Coalesce("district", 0),
                name="membership_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="representation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("user", "organization"),
                name="representation_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="representation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="representation_dates_in_order",
            ),
        ),
    ]
