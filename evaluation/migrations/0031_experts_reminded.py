"""Experts who take part in a defence or visit are reminded, also where the rules are there."""

from django.db import migrations

EVENT, AUDIENCE = "verification.held", "experts"


def add(apps, schema_editor):
    """Where the event has no rule yet, it gets all it comes with after the migration."""
    rules = apps.get_model("core", "ReminderRule")._base_manager.using(
        schema_editor.connection.alias
    )
    known = rules.filter(event=EVENT)
    if not known.exists() or known.filter(audience=AUDIENCE).exists():
        return
    for days in (3, 1):
        rules.create(event=EVENT, days=days, before=True, working_days=False, audience=AUDIENCE)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_reminders"),
        ("evaluation", "0030_report_files"),
    ]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
