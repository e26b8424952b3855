"""Joint applicants are found by name wherever an officer or expert may not judge one of them."""

import accounts.keys
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_keys'),
        ('submissions', '0037_days_that_bind'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='jointconfirmation',
            index=models.Index(accounts.keys.NameKey('name'), name='submissions_joint_key'),
        ),
    ]
