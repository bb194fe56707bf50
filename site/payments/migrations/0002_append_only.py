"""Items of invoices and entries of the ledger are written once: the database says so too."""

from django.db import migrations

TABLES = ("payments_ledgerentry", "payments_invoiceitem")


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'written once'); END"
                )
        return
    schema_editor.execute(
        """CREATE OR REPLACE FUNCTION portal_payments_written_once() RETURNS trigger AS $$
           BEGIN RAISE EXCEPTION 'written once'; END $$ LANGUAGE plpgsql"""
    )
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_once BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION portal_payments_written_once()"
        )


def drop(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_once ON {table}")


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
