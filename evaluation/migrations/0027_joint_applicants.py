"""The joint applicants of what is declared, as the conditions of the rights can ask for them."""

from django.db import migrations, models

APPLICANTS = """
-- Of the version in force; names and numbers folded as those of the entries are.
CREATE VIEW evaluation_joint_applicant AS
SELECT declaration.id AS declaration_id,
       typed.place,
       name_key(typed.value ->> 'name_en') AS name_en,
       name_key(typed.value ->> 'name_zh') AS name_zh,
       number_key(typed.value ->> 'registration_number') AS number,
       typed.value ->> 'country' AS country
  FROM submissions_declaration declaration
  JOIN submissions_declarationversion version ON version.id = declaration.version_id
 CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(version.content #> '{sections,applicant,joint}')
    WHEN 'array' THEN version.content #> '{sections,applicant,joint}' ELSE '[]' END
 ) WITH ORDINALITY AS typed(value, place)
 WHERE jsonb_typeof(typed.value) = 'object';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0026_objections_numbered"),
        ("submissions", "0038_names_indexed"),
    ]

    operations = [
        migrations.CreateModel(
            name="JointApplicant",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "declaration_id",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("declaration_id", models.UUIDField()),
                ("place", models.BigIntegerField()),
                ("name_en", models.TextField()),
                ("name_zh", models.TextField()),
                ("number", models.TextField()),
                ("country", models.TextField()),
            ],
            options={
                "db_table": "evaluation_joint_applicant",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(APPLICANTS, "DROP VIEW evaluation_joint_applicant"),
    ]
