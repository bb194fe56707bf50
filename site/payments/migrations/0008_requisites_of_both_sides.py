"""Requisites of both sides stand on an invoice, frozen when it is issued."""

import django.core.validators
from django.db import migrations, models


def move_treasury_accounts(apps, schema_editor):
    """27 digits stood in the field of the bank's account: they have a field of their own now."""
    accounts = apps.get_model("payments", "MerchantAccount").objects
    for account in accounts.filter(bank_account__regex=r"^[0-9]{27}$"):
        account.treasury_account, account.bank_account = account.bank_account, ""
        account.save(update_fields=["treasury_account", "bank_account"])


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0007_comparisons'),
    ]

    operations = [
        migrations.AddField(
            model_name='invoice',
            name='payee',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='merchantaccount',
            name='payee_address',
            field=models.CharField(blank=True, help_text='Empty: the address of the agency.', max_length=250, verbose_name='address of the payee'),
        ),
        migrations.AddField(
            model_name='merchantaccount',
            name='treasury_account',
            field=models.CharField(blank=True, help_text='27 digits, for bodies that the treasury serves.', max_length=27, validators=[django.core.validators.RegexValidator('^[0-9]{27}\\Z')], verbose_name='account at the treasury'),
        ),
        migrations.RunPython(move_treasury_accounts, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='merchantaccount',
            name='bank_account',
            field=models.CharField(blank=True, help_text='20 digits.', max_length=20, validators=[django.core.validators.RegexValidator('^[0-9]{20}\\Z')], verbose_name='settlement account'),
        ),
        migrations.AlterField(
            model_name='merchantaccount',
            name='bank_mfo',
            field=models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^[0-9]{5}\\Z')], verbose_name='MFO of the bank'),
        ),
    ]
