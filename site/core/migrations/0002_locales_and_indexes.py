"""Locale rows of all five languages, and indexes that Wagtail lacks (measured: performance.md)."""

from django.db import migrations

CODES = ("uz", "uz-cyrl", "kaa", "ru", "en")


def create_locales(apps, schema_editor):
    locale = apps.get_model("wagtailcore", "Locale")
    for code in CODES:
        locale.objects.get_or_create(language_code=code)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunPython(create_locales, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE INDEX portal_page_url_path ON wagtailcore_page (url_path)",
            "DROP INDEX portal_page_url_path",
        ),
        migrations.RunSQL(
            "CREATE INDEX portal_page_depth_path ON wagtailcore_page (depth, path)",
            "DROP INDEX portal_page_depth_path",
        ),
    ]
