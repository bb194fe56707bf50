"""Firms write their address and account, which stand on invoices."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_chosen_channels'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='address',
            field=models.CharField(blank=True, max_length=250, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='organization',
            name='bank_account',
            field=models.CharField(blank=True, max_length=20, validators=[django.core.validators.RegexValidator('^[0-9]{20}\\Z')], verbose_name='settlement account'),
        ),
        migrations.AddField(
            model_name='organization',
            name='bank_mfo',
            field=models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^[0-9]{5}\\Z')], verbose_name='MFO of the bank'),
        ),
        migrations.AddField(
            model_name='organization',
            name='bank_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='bank'),
        ),
    ]
