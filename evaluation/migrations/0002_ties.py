"""Which organisations a person may not judge, as views: one definition for every question.

A predicate on the person goes down into each part of them, so that a question reads a handful of
rows by index, however many organisations there are.
"""

from django.db import migrations, models

TIES = """
-- They act for it, or it employs them: this is certain.
CREATE VIEW evaluation_house AS
SELECT user_id, organisation_id FROM accounts_membership
UNION
SELECT user_id, employer_id FROM evaluation_expert WHERE employer_id IS NOT NULL;

-- Or it is a namesake of the employer.
CREATE VIEW evaluation_close_tie AS
SELECT user_id, organisation_id FROM evaluation_house
UNION
SELECT expert.user_id, namesake.id
  FROM evaluation_expert expert
  JOIN accounts_organisation namesake
    ON name_key(namesake.name_en) = name_key(expert.employer_name)
UNION
SELECT expert.user_id, namesake.id
  FROM evaluation_expert expert
  JOIN accounts_organisation namesake
    ON name_key(namesake.name_zh) = name_key(expert.employer_name);

-- And each of these under whatever other name it is entered.
CREATE VIEW evaluation_tie AS
SELECT user_id, organisation_id FROM evaluation_close_tie
UNION
SELECT close.user_id, twin.id
  FROM evaluation_close_tie close
  JOIN accounts_organisation entry ON entry.id = close.organisation_id
  JOIN accounts_organisation twin
    ON number_key(twin.registration_number) = number_key(entry.registration_number)
   AND twin.country_id = entry.country_id AND twin.id <> entry.id;

-- The names of all of them, and of an employer without an entry.
CREATE VIEW evaluation_tied_name AS
SELECT user_id, name_key(employer_name) AS key
  FROM evaluation_expert WHERE name_key(employer_name) IS NOT NULL
UNION
SELECT tie.user_id, name_key(entry.name_en)
  FROM evaluation_tie tie JOIN accounts_organisation entry ON entry.id = tie.organisation_id
 WHERE name_key(entry.name_en) IS NOT NULL
UNION
SELECT tie.user_id, name_key(entry.name_zh)
  FROM evaluation_tie tie JOIN accounts_organisation entry ON entry.id = tie.organisation_id
 WHERE name_key(entry.name_zh) IS NOT NULL;
"""
NO_TIES = """
DROP VIEW evaluation_tied_name;
DROP VIEW evaluation_tie;
DROP VIEW evaluation_close_tie;
DROP VIEW evaluation_house;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_keys'),
        ('evaluation', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(TIES, NO_TIES),
        migrations.CreateModel(
            name='House',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'organisation_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('organisation_id', models.UUIDField()),
            ],
            options={
                'db_table': 'evaluation_house',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'organisation_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('organisation_id', models.UUIDField()),
            ],
            options={
                'db_table': 'evaluation_tie',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='TiedName',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('key', models.TextField()),
            ],
            options={
                'db_table': 'evaluation_tied_name',
                'managed': False,
                'default_permissions': (),
            },
        ),
    ]
