"""Two payers may send the same sum with the same number of a document on one day."""

from django.conf import settings
from django.db import migrations, models

from operations.crypto import blind_index


def name_payers(apps, schema_editor):
    """Lines that were read in before: the same statement again still changes nothing."""
    for line in apps.get_model("payments", "BankLine").objects.iterator(500):
        told = line.content
        line.payer_index = blind_index(f"{told.get('stir', '')}|{told.get('payer', '').casefold()}")
        line.save(update_fields=["payer_index"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_papers_of_mandates'),
        ('payments', '0008_requisites_of_both_sides'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bankline',
            name='bank_line_once',
        ),
        migrations.AddField(
            model_name='bankline',
            name='payer_index',
            field=models.CharField(default='', editable=False, max_length=64),
        ),
        migrations.RunPython(name_payers, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(fields=('agency', 'day', 'document', 'amount', 'payer_index'), name='bank_line_once_of_payer'),
        ),
    ]
