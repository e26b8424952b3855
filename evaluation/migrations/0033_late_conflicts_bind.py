"""Whose conflict was found late with one declaration judges no other of the organisation:
docs/adr/0016, "Conflicts found late".

Read off the conflicts recorded, each time it is asked, as earlier reviews are: nothing is stored.
"""

from django.db import migrations, models

IN_COMMON = """
-- Declarations that have an applicant or joint applicant in common with one of the versions.
-- Compared by both names, and by the registration number within a country; of joint applicants by
-- what each was asked about. The function is asked once for all versions: no document is read.
CREATE FUNCTION evaluation_in_common(versions bigint[])
RETURNS TABLE (of_version bigint, met_id uuid, beside boolean)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
BEGIN
RETURN QUERY
WITH given AS MATERIALIZED (
    SELECT was.id AS version, declared.organisation_id AS house
      FROM submissions_declarationversion was
      JOIN submissions_declaration declared ON declared.id = was.declaration_id
     WHERE was.id = ANY (versions)
), partner AS MATERIALIZED (
    SELECT joint.version_id AS version, name_key(joint.name_en) AS key_en,
           name_key(joint.name_zh) AS key_zh, number_key(joint.registration_number) AS number,
           joint.country
      FROM submissions_jointconfirmation joint WHERE joint.version_id = ANY (versions)
), named AS MATERIALIZED (
    SELECT partner.version, partner.key_en AS key FROM partner
    UNION
    SELECT partner.version, partner.key_zh FROM partner
), body AS MATERIALIZED (
    SELECT given.version, given.house AS entry, false AS jointly FROM given
    UNION
    SELECT given.version, twin.id, false
      FROM given
      JOIN accounts_organisation entry ON entry.id = given.house
      JOIN accounts_organisation twin
        ON number_key(twin.registration_number) = number_key(entry.registration_number)
       AND twin.country_id = entry.country_id AND twin.id <> entry.id
    UNION
    SELECT named.version, entry.id, true
      FROM named JOIN accounts_organisation entry ON name_key(entry.name_en) = named.key
    UNION
    SELECT named.version, entry.id, true
      FROM named JOIN accounts_organisation entry ON name_key(entry.name_zh) = named.key
    UNION
    SELECT partner.version, entry.id, true
      FROM partner
      JOIN accounts_organisation entry
        ON number_key(entry.registration_number) = partner.number
       AND entry.country_id = partner.country
), known AS MATERIALIZED (
    SELECT body.version, name_key(entry.name_en) AS key_en, name_key(entry.name_zh) AS key_zh,
           number_key(entry.registration_number) AS number, entry.country_id AS country
      FROM body JOIN accounts_organisation entry ON entry.id = body.entry
    UNION
    SELECT partner.version, partner.key_en, partner.key_zh, partner.number, partner.country
      FROM partner
), called AS MATERIALIZED (
    SELECT known.version, known.key_en AS key FROM known
    UNION
    SELECT known.version, known.key_zh FROM known
), again AS (
    SELECT called.version, joint.declaration_id AS declaration, joint.version_id AS filed
      FROM called JOIN submissions_jointconfirmation joint ON name_key(joint.name_en) = called.key
    UNION
    SELECT called.version, joint.declaration_id, joint.version_id
      FROM called JOIN submissions_jointconfirmation joint ON name_key(joint.name_zh) = called.key
    UNION
    SELECT known.version, joint.declaration_id, joint.version_id
      FROM known
      JOIN submissions_jointconfirmation joint
        ON number_key(joint.registration_number) = known.number
       AND joint.country = known.country
), met AS (
    SELECT body.version, declared.id AS declaration, body.jointly
      FROM body
      JOIN submissions_declaration declared ON declared.organisation_id = body.entry
    UNION ALL
    SELECT again.version, declared.id, true
      FROM again
      JOIN submissions_declaration declared
        ON declared.id = again.declaration AND declared.version_id = again.filed
)
SELECT met.version, met.declaration, bool_and(met.jointly) FROM met GROUP BY 1, 2;
END $$;
"""
FOUND = """
-- The other cases of the same applicant or joint applicant, whenever they were opened; not those
-- with which a conflict of the same person was found late too: of these the sheet itself tells.
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
           own.version_id AS version, own.declaration_id AS judged
      FROM evaluation_assignment asked
      JOIN evaluation_lateconflict late ON late.sheet_id = asked.id
      JOIN evaluation_case own ON own.id = asked.case_id
     WHERE asked.expert_id = person
       AND (since IS NULL
            OR (late.recorded_at AT TIME ZONE 'Asia/Shanghai')::date >= since)
)
SELECT met.met_id, other.id, given.sheet, given.judged, given.made_on, met.beside
  FROM evaluation_in_common(ARRAY(SELECT given.version FROM given)) met
  JOIN given ON given.version = met.of_version AND given.judged <> met.met_id
  JOIN evaluation_case other ON other.declaration_id = met.met_id
 WHERE NOT EXISTS (
    SELECT FROM evaluation_assignment own
      JOIN evaluation_lateconflict too ON too.sheet_id = own.id
     WHERE own.expert_id = person AND own.case_id = other.id
 );
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
NOTHING_IN_COMMON = "DROP FUNCTION evaluation_in_common(bigint[])"
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
    dependencies = [
        ("evaluation", "0032_people_sealed"),
        ("submissions", "0039_joint_known_by"),
    ]

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
        migrations.RunSQL(IN_COMMON, NOTHING_IN_COMMON),
        migrations.RunSQL(FOUND, NOT_FOUND),
    ]
