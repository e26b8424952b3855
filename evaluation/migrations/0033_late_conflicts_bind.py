"""Whose conflict was found late with one declaration judges no other of the organisation:
docs/adr/0016, "Conflicts found late".

Read off the conflicts recorded, each time it is asked, as earlier reviews are: nothing is stored.
"""

from django.db import migrations, models

FOUND = """
-- The other cases of the same applicant or joint applicant, whenever they were opened. Joint
-- applicants by the name under which they were asked to confirm the version.
CREATE FUNCTION evaluation_found_late_of(person uuid)
RETURNS TABLE (found_id uuid, of_case uuid, by_id uuid, earlier uuid, on_day date, beside boolean)
LANGUAGE plpgsql STABLE ROWS 5 AS $$
DECLARE
    since date;
BEGIN
-- Of most people nothing was found.
IF NOT EXISTS (
    SELECT FROM evaluation_assignment asked
      JOIN evaluation_lateconflict late ON late.sheet_id = asked.id
     WHERE asked.expert_id = person
) OR EXISTS (
    SELECT FROM evaluation_conflictrule rule WHERE rule.kind = 'late' AND NOT rule.bars
) THEN
    RETURN;
END IF;
SELECT (portal_clock() AT TIME ZONE 'Asia/Shanghai')::date - make_interval(years => rule.years)
  INTO since
  FROM evaluation_conflictrule rule WHERE rule.kind = 'late' AND rule.years IS NOT NULL;
RETURN QUERY
WITH given AS MATERIALIZED (
    SELECT late.sheet_id AS sheet,
           (late.recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS made_on,
           own.version_id AS version, own.declaration_id AS judged, was.organisation_id AS house
      FROM evaluation_assignment asked
      JOIN evaluation_lateconflict late ON late.sheet_id = asked.id
      JOIN evaluation_case own ON own.id = asked.case_id
      JOIN submissions_declaration was ON was.id = own.declaration_id
     WHERE asked.expert_id = person
       AND (since IS NULL
            OR (late.recorded_at AT TIME ZONE 'Asia/Shanghai')::date >= since)
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
SELECT met.declaration, other.id, given.sheet, given.judged, given.made_on, bool_and(met.jointly)
  FROM met
  JOIN given ON given.sheet = met.sheet AND given.judged <> met.declaration
  JOIN evaluation_case other ON other.declaration_id = met.declaration
 GROUP BY 1, 2, 3, 4, 5;
END $$;

CREATE VIEW evaluation_late_bar AS
SELECT person.id AS user_id, found.found_id AS declaration_id, found.of_case AS case_id,
       found.by_id AS sheet_id, found.earlier AS earlier_id, found.on_day AS found_on,
       found.beside AS jointly
  FROM accounts_user person
 CROSS JOIN LATERAL evaluation_found_late_of(person.id) found;
"""
NOT_FOUND = """
DROP VIEW evaluation_late_bar;
DROP FUNCTION evaluation_found_late_of(uuid);
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
    ("late", "conflict found late, with another declaration"),
]


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0032_people_sealed")]

    operations = [
        migrations.CreateModel(
            name="LateBar",
            fields=[
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
                ("earlier_id", models.UUIDField()),
                ("found_on", models.DateField()),
                ("jointly", models.BooleanField()),
            ],
            options={
                "db_table": "evaluation_late_bar",
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
        migrations.RunSQL(FOUND, NOT_FOUND),
    ]
