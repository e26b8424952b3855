"""What the audit knows of declarations that were there before: since when, how often returned."""

from django.db import migrations

SINCE = """
    UPDATE submissions_declaration AS one SET state_since = COALESCE(
        (SELECT max(act.at) FROM core_auditentry AS act
         WHERE act.subject_type = 'declaration' AND act.subject_id = one.id::text
           AND act.after <> '' AND act.before <> act.after),
        one.created_at
    );
"""
RETURNS = """
    UPDATE submissions_declaration AS one SET returns = (
        SELECT count(*) FROM core_auditentry AS act
        WHERE act.subject_type = 'declaration' AND act.subject_id = one.id::text
          AND act.act = 'declaration.return'
    );
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_reminders"),
        ("submissions", "0030_formal_check"),
    ]

    operations = [migrations.RunSQL([SINCE, RETURNS], reverse_sql=migrations.RunSQL.noop)]
