"""Who is in the pool already: enrolled for a year from now, with the employer as a first fact.

Who was no longer asked is removed: coming back takes an application, as for everybody.
"""

from django.db import migrations

ENROLLED = """
UPDATE evaluation_expert expert
   SET status = CASE WHEN account.erased_at IS NOT NULL THEN 'left'
                     WHEN expert.active THEN 'enrolled' ELSE 'removed' END,
       status_since = portal_clock(),
       applied_at = portal_clock(),
       confirmed_at = CASE WHEN expert.active THEN portal_clock() END,
       renewed_until = CASE WHEN expert.active AND account.erased_at IS NULL
           THEN (portal_clock() AT TIME ZONE 'Asia/Shanghai')::date + 365 END
  FROM accounts_user account
 WHERE account.id = expert.user_id;

INSERT INTO evaluation_employment
       (expert_id, kind, name, organisation_id, source, recorded_at, mistaken)
SELECT user_id, 'employed', employer_name, employer_id, 'import', portal_clock(), false
  FROM evaluation_expert
 WHERE (employer_name <> '' OR employer_id IS NOT NULL)
   -- What was undone leaves the history as it is.
   AND NOT EXISTS (SELECT FROM evaluation_employment known
                    WHERE known.expert_id = user_id AND known.kind = 'employed');
"""
AS_BEFORE = """
UPDATE evaluation_expert SET active = status IN ('enrolled', 'lapsed');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_portal_clock'),
        ('evaluation', '0005_expert_pool'),
    ]

    operations = [
        migrations.RunSQL(ENROLLED, AS_BEFORE),
    ]
