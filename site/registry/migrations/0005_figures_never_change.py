"""The database itself forbids changing or deleting what was counted."""

from django.db import migrations

TABLES = ("registry_figurerun", "registry_figure")
VERBS = ("UPDATE", "DELETE")


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for verb in VERBS:
                schema_editor.execute(
                    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                        BEGIN SELECT RAISE(ABORT, 'figures never change'); END"""
                )
        return
    schema_editor.execute(
        """CREATE OR REPLACE FUNCTION portal_figures_never_change() RETURNS trigger AS $$
           BEGIN RAISE EXCEPTION 'figures never change'; END $$ LANGUAGE plpgsql"""
    )
    for table in TABLES:
        schema_editor.execute(
            f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION portal_figures_never_change()"""
        )


def drop(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in VERBS:
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb.lower()}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_figures")]
    operations = [migrations.RunPython(create, drop)]
