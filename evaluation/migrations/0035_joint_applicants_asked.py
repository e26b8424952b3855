"""Joint applicants are asked of their confirmations: the view that read documents goes."""

from importlib import import_module

from django.db import migrations

APPLICANTS = import_module("evaluation.migrations.0027_joint_applicants").APPLICANTS


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0034_nominations_decided"),
    ]

    operations = [
        migrations.DeleteModel(name="JointApplicant"),
        migrations.RunSQL("DROP VIEW evaluation_joint_applicant", APPLICANTS),
    ]
