"""Papers that show why somebody may act for another."""

import accounts.paper_models
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_firms_requisites'),
    ]

    operations = [
        migrations.CreateModel(
            name='MandatePaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('filename', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(max_length=200, storage=accounts.paper_models.private_storage, upload_to=accounts.paper_models._path)),
                ('scanned', models.BooleanField(default=False)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('mandate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='accounts.representation')),
            ],
            options={
                'verbose_name': 'paper of a mandate',
                'verbose_name_plural': 'papers of mandates',
                'ordering': ('pk',),
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='mandate_paper_not_empty')],
            },
        ),
    ]
