"""The seals of score sheets begun from now on hold a salt of their sheet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0036_joint_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="scoresheet",
            name="salt",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
    ]
