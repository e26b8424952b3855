import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0013_collections'),
    ]

    operations = [
        migrations.AddField(
            model_name='savedsearch',
            name='mailed_at',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), default=list, editable=False, size=None),
        ),
    ]
