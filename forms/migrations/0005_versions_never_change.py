"""The database itself forbids changing or deleting a published version of a form."""

from django.db import migrations

TABLE = "portal_forms_formversion"
#: Everything but who published it: an account may be deleted.
COLUMNS = "definition_id, number, content, structure_hash, content_hash, published_at, note"

SQLITE = [
    f"""CREATE TRIGGER {TABLE}_no_{verb.lower().split()[0]} BEFORE {verb} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'published versions never change'); END"""
    for verb in (f"UPDATE OF {COLUMNS}", "DELETE")
]
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION portal_versions_never_change() RETURNS trigger AS $$
       BEGIN RAISE EXCEPTION 'published versions never change'; END $$ LANGUAGE plpgsql""",
    f"""CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE OF {COLUMNS} ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION portal_versions_never_change()""",
    f"""CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION portal_versions_never_change()""",
]


def create(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    table = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{verb}{table}")


class Migration(migrations.Migration):
    dependencies = [("portal_forms", "0004_signatures_reception_retention")]
    operations = [migrations.RunPython(create, drop)]
