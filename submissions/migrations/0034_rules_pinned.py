"""What was opened before there were rows of sets of rules names the set that it is checked by.

Else a set the portal comes with later would open lines in checklists that were closed.
"""

from django.db import migrations

from submissions.rule_sets import restore_shipped

IN_FORCE = {"code": "default", "version": 2}  # what applied without a name, up to this migration


def pin(apps, schema_editor):
    using = schema_editor.connection.alias
    rule_sets = apps.get_model("submissions", "RuleSet")
    activities = apps.get_model("submissions", "Activity")._default_manager.using(using)
    unnamed = activities.filter(rule_set=None).exclude(status="prepared")
    if unnamed.exists():
        restore_shipped(using, rule_sets)  # laid down after a migration; this may be the first
        unnamed.update(rule_set=rule_sets._default_manager.using(using).get(**IN_FORCE))


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0033_may_not_stand_after_all"),
    ]

    operations = [migrations.RunPython(pin, migrations.RunPython.noop)]
