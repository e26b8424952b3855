"""Who worked somewhere or advised it is tied to it, whatever came after it.

What the row of the expert names is the present employer; the history is evidence, and read too.
What was entered by mistake binds nobody.
"""

from importlib import import_module

from django.db import migrations

before = import_module('evaluation.migrations.0002_ties')

TIES = """
-- They act for it, or work for it or advise it: this is certain.
CREATE VIEW evaluation_house AS
SELECT user_id, organisation_id FROM accounts_membership
UNION
SELECT user_id, employer_id FROM evaluation_expert WHERE employer_id IS NOT NULL
UNION
SELECT expert_id, organisation_id
  FROM evaluation_employment
 WHERE organisation_id IS NOT NULL AND until IS NULL AND NOT mistaken;

-- Or they once did, or it is a namesake of an employer or of who was advised.
CREATE VIEW evaluation_close_tie AS
SELECT user_id, organisation_id FROM evaluation_house
UNION
SELECT expert_id, organisation_id
  FROM evaluation_employment WHERE organisation_id IS NOT NULL AND NOT mistaken
UNION
SELECT expert.user_id, namesake.id
  FROM evaluation_expert expert
  JOIN accounts_organisation namesake
    ON name_key(namesake.name_en) = name_key(expert.employer_name)
UNION
SELECT expert.user_id, namesake.id
  FROM evaluation_expert expert
  JOIN accounts_organisation namesake
    ON name_key(namesake.name_zh) = name_key(expert.employer_name)
UNION
SELECT history.expert_id, namesake.id
  FROM evaluation_employment history
  JOIN accounts_organisation namesake ON name_key(namesake.name_en) = name_key(history.name)
 WHERE NOT history.mistaken
UNION
SELECT history.expert_id, namesake.id
  FROM evaluation_employment history
  JOIN accounts_organisation namesake ON name_key(namesake.name_zh) = name_key(history.name)
 WHERE NOT history.mistaken;

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

-- The names of all of them, and of an employer or of who was advised without an entry.
CREATE VIEW evaluation_tied_name AS
SELECT user_id, name_key(employer_name) AS key
  FROM evaluation_expert WHERE name_key(employer_name) IS NOT NULL
UNION
SELECT expert_id, name_key(name)
  FROM evaluation_employment WHERE name_key(name) IS NOT NULL AND NOT mistaken
UNION
SELECT tie.user_id, name_key(entry.name_en)
  FROM evaluation_tie tie JOIN accounts_organisation entry ON entry.id = tie.organisation_id
 WHERE name_key(entry.name_en) IS NOT NULL
UNION
SELECT tie.user_id, name_key(entry.name_zh)
  FROM evaluation_tie tie JOIN accounts_organisation entry ON entry.id = tie.organisation_id
 WHERE name_key(entry.name_zh) IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0007_states_of_experts'),
    ]

    operations = [
        migrations.RunSQL(before.NO_TIES, before.TIES),
        migrations.RunSQL(TIES, before.NO_TIES),
    ]
