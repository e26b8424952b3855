"""Earlier reviews know joint applicants as late conflicts do: by both names and by the number."""

from importlib import import_module

from django.db import migrations

REVIEWS = import_module("evaluation.migrations.0028_earlier_reviews").REVIEWS

# The views stay: they ask the function, which says what it did of more declarations.
NUMBERED = """
CREATE OR REPLACE FUNCTION evaluation_judged_by(person uuid, barring boolean)
RETURNS TABLE (found_id uuid, of_case uuid, by_id uuid, earlier uuid, on_day date,
               anew boolean, beside boolean)
LANGUAGE plpgsql STABLE ROWS 5 AS $$
DECLARE
    since date;
BEGIN
IF barring AND NOT EXISTS (
    SELECT FROM evaluation_conflictrule rule WHERE rule.kind = 'judged' AND rule.bars
) THEN
    RETURN;
END IF;
SELECT (portal_clock() AT TIME ZONE 'Asia/Shanghai')::date - make_interval(years => rule.years)
  INTO since
  FROM evaluation_conflictrule rule WHERE rule.kind = 'judged' AND rule.years IS NOT NULL;
RETURN QUERY
WITH given AS MATERIALIZED (
    SELECT sheet.assignment_id AS sheet, sheet.submitted_at AS submitted,
           (sheet.submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS made_on,
           own.version_id AS version, own.declaration_id AS judged
      FROM evaluation_assignment asked
      JOIN evaluation_scoresheet sheet
        ON sheet.assignment_id = asked.id AND sheet.status = 'submitted'
      JOIN evaluation_case own ON own.id = asked.case_id
     WHERE asked.expert_id = person
       AND (since IS NULL
            OR (sheet.submitted_at AT TIME ZONE 'Asia/Shanghai')::date >= since)
)
SELECT met.met_id, later.id, given.sheet, given.judged, given.made_on,
       coalesce(given.judged IN (now.copied_from_id, before.copied_from_id), false), met.beside
  FROM evaluation_in_common(ARRAY(SELECT given.version FROM given)) met
  JOIN given ON given.version = met.of_version AND given.judged <> met.met_id
  JOIN evaluation_case later
    ON later.declaration_id = met.met_id AND later.opened_at > given.submitted
  JOIN submissions_declaration now ON now.id = met.met_id
  LEFT JOIN submissions_declaration before ON before.id = now.copied_from_id;
END $$;
"""
BY_ONE_NAME = REVIEWS.split("CREATE VIEW", 1)[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0035_joint_applicants_asked")]

    operations = [migrations.RunSQL(NUMBERED, BY_ONE_NAME)]
