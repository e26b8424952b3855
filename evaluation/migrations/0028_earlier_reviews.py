"""Who judged an earlier declaration of the same organisation: docs/adr/0016, "Earlier reviews".

Found from the score sheets that are in, each time it is asked: nothing is stored, so that a sheet
set aside tells nothing any more. What bars is asked by a view of its own, which by the rule the
portal comes with looks at one row and ends.
"""

from django.db import migrations, models

REVIEWS = """
-- The cases of the same applicant or joint applicant that were opened after a sheet of the person
-- was in. Joint applicants by the name under which they were asked to confirm the version.
CREATE FUNCTION evaluation_judged_by(person uuid, barring boolean)
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
           own.version_id AS version, own.declaration_id AS judged, was.organisation_id AS house
      FROM evaluation_assignment asked
      JOIN evaluation_scoresheet sheet
        ON sheet.assignment_id = asked.id AND sheet.status = 'submitted'
      JOIN evaluation_case own ON own.id = asked.case_id
      JOIN submissions_declaration was ON was.id = own.declaration_id
     WHERE asked.expert_id = person
       AND (since IS NULL
            OR (sheet.submitted_at AT TIME ZONE 'Asia/Shanghai')::date >= since)
), partner AS MATERIALIZED (
    SELECT given.sheet, name_key(joint.name) AS key
      FROM given
      JOIN submissions_jointconfirmation joint ON joint.version_id = given.version
), body AS MATERIALIZED (
    SELECT given.sheet, given.house AS entry, false AS jointly FROM given
    UNION
    SELECT given.sheet, twin.id, false
      FROM given
      JOIN accounts_organisation entry ON entry.id = given.house
      JOIN accounts_organisation twin
        ON number_key(twin.registration_number) = number_key(entry.registration_number)
       AND twin.country_id = entry.country_id AND twin.id <> entry.id
    UNION
    SELECT partner.sheet, entry.id, true
      FROM partner
      JOIN accounts_organisation entry
        ON name_key(entry.name_en) = partner.key OR name_key(entry.name_zh) = partner.key
), called AS (
    SELECT partner.sheet, partner.key FROM partner
    UNION
    SELECT body.sheet, name_key(entry.name_en)
      FROM body JOIN accounts_organisation entry ON entry.id = body.entry
    UNION
    SELECT body.sheet, name_key(entry.name_zh)
      FROM body JOIN accounts_organisation entry ON entry.id = body.entry
), met AS (
    SELECT body.sheet, declared.id AS declaration, body.jointly
      FROM body
      JOIN submissions_declaration declared ON declared.organisation_id = body.entry
    UNION ALL
    SELECT called.sheet, declared.id, true
      FROM called
      JOIN submissions_jointconfirmation joint ON name_key(joint.name) = called.key
      JOIN submissions_declaration declared
        ON declared.id = joint.declaration_id AND declared.version_id = joint.version_id
)
SELECT met.declaration, later.id, given.sheet, given.judged, given.made_on,
       coalesce(given.judged IN (now.copied_from_id, before.copied_from_id), false),
       bool_and(met.jointly)
  FROM met
  JOIN given ON given.sheet = met.sheet AND given.judged <> met.declaration
  JOIN evaluation_case later
    ON later.declaration_id = met.declaration AND later.opened_at > given.submitted
  JOIN submissions_declaration now ON now.id = met.declaration
  LEFT JOIN submissions_declaration before ON before.id = now.copied_from_id
 GROUP BY 1, 2, 3, 4, 5, 6;
END $$;

CREATE VIEW evaluation_earlier_review AS
SELECT person.id AS user_id, found.found_id AS declaration_id, found.of_case AS case_id,
       found.by_id AS sheet_id, found.earlier AS earlier_id, found.on_day AS judged_on,
       found.anew AS again, found.beside AS jointly
  FROM accounts_user person
 CROSS JOIN LATERAL evaluation_judged_by(person.id, false) found;

-- The same where the rule says that it bars.
CREATE VIEW evaluation_barring_review AS
SELECT person.id AS user_id, found.found_id AS declaration_id, found.of_case AS case_id,
       found.by_id AS sheet_id
  FROM accounts_user person
 CROSS JOIN LATERAL evaluation_judged_by(person.id, true) found;
"""
NO_REVIEWS = """
DROP VIEW evaluation_barring_review;
DROP VIEW evaluation_earlier_review;
DROP FUNCTION evaluation_judged_by(uuid, boolean);
"""
KINDS = [
    ("employed", "employment"),
    ("further", "employment besides"),
    ("advisory", "advisory role"),
    ("consultancy", "consultancy"),
    ("kin", "near relative"),
    ("co_inventor", "co-inventor"),
    ("joint_project", "joint project"),
    ("shareholder", "shareholder"),
    ("group", "same group of companies"),
    ("reviewer", "earlier reviewer"),
    ("nominating_unit", "nominating unit"),
    ("judged", "earlier review, found by the portal"),
]


def pair(*more):
    """Return the columns of a view that is not managed."""
    return [
        (
            "pk",
            models.CompositePrimaryKey(
                "user_id",
                "declaration_id",
                "sheet_id",
                blank=True,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        ("user_id", models.UUIDField()),
        ("declaration_id", models.UUIDField()),
        ("case_id", models.UUIDField()),
        ("sheet_id", models.UUIDField()),
        *more,
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0027_joint_applicants"),
        ("submissions", "0038_names_indexed"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlierReview",
            fields=pair(
                ("earlier_id", models.UUIDField()),
                ("judged_on", models.DateField()),
                ("again", models.BooleanField()),
                ("jointly", models.BooleanField()),
            ),
            options={
                "db_table": "evaluation_earlier_review",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BarringReview",
            fields=pair(),
            options={
                "db_table": "evaluation_barring_review",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.AlterField(
            model_name="conflictrule",
            name="kind",
            field=models.CharField(
                choices=KINDS,
                max_length=20,
                primary_key=True,
                serialize=False,
                verbose_name="kind",
            ),
        ),
        migrations.RunSQL(REVIEWS, NO_REVIEWS),
    ]
