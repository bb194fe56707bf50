"""The database itself forbids changing or deleting the journal."""

from django.db import migrations

TABLES = ("operations_auditentry", "operations_anchor", "operations_anchoredhead")
FUNCTION = """CREATE OR REPLACE FUNCTION portal_journal_never_changes() RETURNS trigger AS $$
   BEGIN RAISE EXCEPTION 'the journal must never change'; END $$ LANGUAGE plpgsql"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                    BEGIN SELECT RAISE(ABORT, 'the journal must never change'); END"""
                )
        return
    schema_editor.execute(FUNCTION)
    for table in TABLES:
        schema_editor.execute(
            f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION portal_journal_never_changes()"""
        )


def drop(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")


class Migration(migrations.Migration):
    dependencies = [("operations", "0003_journal")]
    operations = [migrations.RunPython(create, drop)]
