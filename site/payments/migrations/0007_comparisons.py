import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0006_returns_and_differences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='sandboxtransaction',
            name='begun_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='compared')),
                ('lines', models.PositiveIntegerField(verbose_name='transactions')),
                ('found', models.PositiveIntegerField(verbose_name='differences')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comparisons', to='payments.merchantaccount')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'comparison',
                'verbose_name_plural': 'comparisons',
                'ordering': ('-day', 'account'),
                'constraints': [models.UniqueConstraint(fields=('account', 'day'), name='comparison_once')],
            },
        ),
    ]
