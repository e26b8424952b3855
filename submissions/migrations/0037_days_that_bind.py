"""The day that binds of what was returned before it had a place of its own."""

from django.db import migrations

# As the step "submit" read it until now: the latest day among what was asked last.
DAYS = """
    UPDATE submissions_declaration AS one SET corrections_due_on = (
        SELECT max(asked.due_on) FROM submissions_correction AS asked
        WHERE asked.version_id = one.version_id
    )
    WHERE one.status = 'returned';
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0036_corrections_due_on")]

    operations = [migrations.RunSQL([DAYS], reverse_sql=migrations.RunSQL.noop)]
