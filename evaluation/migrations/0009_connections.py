"""Ties are found by connections too, and by the rules of the day: docs/adr/0019.

What counts is decided once, in two views; everything else reads these. The condition on the person
goes down into each part, so that a question goes from index to index however many organisations
there are.
"""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

before = import_module('evaluation.migrations.0008_ties_by_history')
first = import_module('evaluation.migrations.0002_ties')

COUNTS = """
  LEFT JOIN evaluation_conflictrule rule ON rule.kind = entry.kind
 WHERE NOT entry.mistaken AND coalesce(rule.bars, true)
   AND (rule.years IS NULL OR entry.{end} IS NULL
        OR entry.{end} >= (portal_clock() AT TIME ZONE 'Asia/Shanghai')::date
                          - make_interval(years => rule.years))
"""
TIES = f"""
-- Employments and roles that count today.
CREATE VIEW evaluation_counting_employment AS
SELECT entry.id, entry.expert_id, entry.kind, entry.name, entry.organisation_id, entry.until
  FROM evaluation_employment entry {COUNTS.format(end='until')};

-- Connections that count today.
CREATE VIEW evaluation_counting_connection AS
SELECT entry.id, entry.person_id, entry.other_person_id, entry.organisation_id,
       entry.other_organisation_id, entry.organisation_name
  FROM evaluation_connection entry {COUNTS.format(end='ended_on')};

-- They act for it, or work for it or advise it: this is certain.
CREATE VIEW evaluation_house AS
SELECT user_id, organisation_id FROM accounts_membership
UNION
SELECT user_id, employer_id FROM evaluation_expert WHERE employer_id IS NOT NULL
UNION
SELECT expert_id, organisation_id
  FROM evaluation_counting_employment WHERE organisation_id IS NOT NULL AND until IS NULL;

-- Or they once did, or it is a namesake of an employer or of who was advised.
CREATE VIEW evaluation_close_tie AS
SELECT user_id, organisation_id FROM evaluation_house
UNION
SELECT expert_id, organisation_id
  FROM evaluation_counting_employment WHERE organisation_id IS NOT NULL
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
  FROM evaluation_counting_employment history
  JOIN accounts_organisation namesake ON name_key(namesake.name_en) = name_key(history.name)
UNION
SELECT history.expert_id, namesake.id
  FROM evaluation_counting_employment history
  JOIN accounts_organisation namesake ON name_key(namesake.name_zh) = name_key(history.name);

-- And each of these under whatever other name it is entered.
CREATE VIEW evaluation_own_tie AS
SELECT user_id, organisation_id FROM evaluation_close_tie
UNION
SELECT close.user_id, twin.id
  FROM evaluation_close_tie close
  JOIN accounts_organisation entry ON entry.id = close.organisation_id
  JOIN accounts_organisation twin
    ON number_key(twin.registration_number) = number_key(entry.registration_number)
   AND twin.country_id = entry.country_id AND twin.id <> entry.id;

-- What a person is connected with, and by which connection: an organisation, one of its name,
-- where the other person is today; and, one step on, what is one group with any of their ties.
-- A function in a language that keeps its plans: written into the views it made each question
-- three times as dear to plan.
CREATE FUNCTION evaluation_connected_with(person uuid)
RETURNS TABLE (found_id uuid, by_id bigint) LANGUAGE plpgsql STABLE ROWS 5 AS $$
BEGIN
-- Of most people nothing is known.
IF NOT EXISTS (SELECT FROM evaluation_connection one
                WHERE one.person_id = person OR one.other_person_id = person
                   OR one.other_organisation_id IS NOT NULL) THEN
    RETURN;
END IF;
RETURN QUERY
WITH edge AS MATERIALIZED (
    SELECT id, organisation_id, organisation_name, other_person_id AS other
      FROM evaluation_counting_connection WHERE person_id = person
    UNION ALL
    SELECT id, NULL, '', person_id
      FROM evaluation_counting_connection WHERE other_person_id = person
), present AS (
    SELECT edge.id AS edge_id, house.organisation_id
      FROM edge
     CROSS JOIN LATERAL (
        SELECT member.organisation_id FROM accounts_membership member
         WHERE member.user_id = edge.other
        UNION
        SELECT expert.employer_id FROM evaluation_expert expert
         WHERE expert.user_id = edge.other AND expert.employer_id IS NOT NULL
        UNION
        SELECT history.organisation_id FROM evaluation_counting_employment history
         WHERE history.expert_id = edge.other AND history.until IS NULL
           AND history.organisation_id IS NOT NULL
        UNION
        SELECT namesake.id
          FROM evaluation_expert expert
          JOIN accounts_organisation namesake
            ON name_key(namesake.name_en) = name_key(expert.employer_name)
            OR name_key(namesake.name_zh) = name_key(expert.employer_name)
         WHERE expert.user_id = edge.other
     ) house
     WHERE edge.other IS NOT NULL
), direct AS MATERIALIZED (
    SELECT edge.id AS edge_id, edge.organisation_id FROM edge
     WHERE edge.organisation_id IS NOT NULL
    UNION
    SELECT edge.id, namesake.id
      FROM edge
      JOIN accounts_organisation namesake
        ON name_key(namesake.name_en) = name_key(edge.organisation_name)
        OR name_key(namesake.name_zh) = name_key(edge.organisation_name)
    UNION
    SELECT present.edge_id, present.organisation_id FROM present
), grouped AS MATERIALIZED (
    SELECT id, organisation_id, other_organisation_id FROM evaluation_counting_connection
     WHERE other_organisation_id IS NOT NULL
), near AS (
    SELECT own.organisation_id FROM evaluation_own_tie own
     WHERE own.user_id = person AND EXISTS (SELECT FROM grouped)
    UNION
    SELECT direct.organisation_id FROM direct
    UNION
    SELECT twin.id
      FROM direct
      JOIN accounts_organisation entry ON entry.id = direct.organisation_id
      JOIN accounts_organisation twin
        ON number_key(twin.registration_number) = number_key(entry.registration_number)
       AND twin.country_id = entry.country_id AND twin.id <> entry.id
)
SELECT direct.organisation_id, direct.edge_id FROM direct
UNION
SELECT grouped.other_organisation_id, grouped.id
  FROM near JOIN grouped ON grouped.organisation_id = near.organisation_id
UNION
SELECT grouped.organisation_id, grouped.id
  FROM near JOIN grouped ON grouped.other_organisation_id = near.organisation_id;
END $$;

-- The same, with whom.
CREATE VIEW evaluation_connected AS
SELECT person.id AS user_id, edge.found_id AS organisation_id, edge.by_id AS connection_id
  FROM accounts_user person
 CROSS JOIN LATERAL evaluation_connected_with(person.id) edge;

-- All of them, and what a person is connected with under whatever other name it is entered.
CREATE VIEW evaluation_tie AS
SELECT user_id, organisation_id FROM evaluation_own_tie
UNION
SELECT edge.user_id, own.id
  FROM evaluation_connected edge
 CROSS JOIN LATERAL (
    SELECT edge.organisation_id AS id
    UNION ALL
    SELECT twin.id
      FROM accounts_organisation entry
      JOIN accounts_organisation twin
        ON number_key(twin.registration_number) = number_key(entry.registration_number)
       AND twin.country_id = entry.country_id AND twin.id <> entry.id
     WHERE entry.id = edge.organisation_id
 ) own;

-- The names of all of them, and of an employer, of who was advised or is connected, without an entry.
CREATE VIEW evaluation_tied_name AS
SELECT user_id, name_key(employer_name) AS key
  FROM evaluation_expert WHERE name_key(employer_name) IS NOT NULL
UNION
SELECT expert_id, name_key(name)
  FROM evaluation_counting_employment WHERE name_key(name) IS NOT NULL
UNION
SELECT person_id, name_key(organisation_name)
  FROM evaluation_counting_connection
 WHERE person_id IS NOT NULL AND name_key(organisation_name) IS NOT NULL
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
DROP VIEW evaluation_connected;
DROP FUNCTION evaluation_connected_with(uuid);
DROP VIEW evaluation_own_tie;
DROP VIEW evaluation_close_tie;
DROP VIEW evaluation_house;
DROP VIEW evaluation_counting_connection;
DROP VIEW evaluation_counting_employment;
"""
# Who consented to a nomination by a unit is connected with it since.
NOMINATED = """
INSERT INTO evaluation_connection (
    kind, person_id, organisation_id, organisation_name, began_on, ended_on, source,
    recorded_by_id, recorded_at, mistaken, forgotten)
SELECT 'nominating_unit', expert_id, organisation_id, unit,
       (ended_at AT TIME ZONE 'Asia/Shanghai')::date, (ended_at AT TIME ZONE 'Asia/Shanghai')::date,
       'Nomination', nominated_by_id, ended_at, false, false
  FROM evaluation_nomination
 WHERE status = 'consented' AND unit <> '' AND expert_id IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_keys'),
        ('evaluation', '0008_ties_by_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Connected',
            fields=[
                ('pk', models.CompositePrimaryKey('user_id', 'organisation_id', 'connection_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('organisation_id', models.UUIDField()),
                ('connection_id', models.BigIntegerField()),
            ],
            options={
                'db_table': 'evaluation_connected',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CountingConnection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.UUIDField(null=True)),
                ('other_person_id', models.UUIDField(null=True)),
                ('organisation_id', models.UUIDField(null=True)),
                ('other_organisation_id', models.UUIDField(null=True)),
                ('organisation_name', models.CharField(max_length=200)),
            ],
            options={
                'db_table': 'evaluation_counting_connection',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='CountingEmployment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('expert_id', models.UUIDField()),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('organisation_id', models.UUIDField(null=True)),
                ('until', models.DateField(null=True)),
            ],
            options={
                'db_table': 'evaluation_counting_employment',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ConflictRule',
            fields=[
                ('kind', models.CharField(choices=[('employed', 'employment'), ('further', 'employment besides'), ('advisory', 'advisory role'), ('consultancy', 'consultancy'), ('kin', 'near relative'), ('co_inventor', 'co-inventor'), ('joint_project', 'joint project'), ('shareholder', 'shareholder'), ('group', 'same group of companies'), ('reviewer', 'earlier reviewer'), ('nominating_unit', 'nominating unit')], max_length=20, primary_key=True, serialize=False, verbose_name='kind')),
                ('bars', models.BooleanField(default=True, verbose_name='bars from judging')),
                ('years', models.PositiveSmallIntegerField(blank=True, help_text='Empty: for ever. What goes on bars in any case.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='years after the end')),
            ],
            options={
                'verbose_name': 'rule of conflicts',
                'verbose_name_plural': 'rules of conflicts',
                'ordering': ('kind',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'employed'), _negated=True), ('bars', True), _connector='OR'), name='evaluation_conflictrule_employment_bars'), models.CheckConstraint(condition=models.Q(('years', None), ('years__range', (1, 50)), _connector='OR'), name='evaluation_conflictrule_years')],
            },
        ),
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('employed', 'employment'), ('consultancy', 'consultancy'), ('kin', 'near relative'), ('co_inventor', 'co-inventor'), ('joint_project', 'joint project'), ('shareholder', 'shareholder'), ('group', 'same group of companies'), ('reviewer', 'earlier reviewer'), ('nominating_unit', 'nominating unit')], max_length=20, verbose_name='kind')),
                ('organisation_name', models.CharField(blank=True, max_length=200, verbose_name='name of the organisation')),
                ('began_on', models.DateField(blank=True, null=True, verbose_name='began on')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('source', models.TextField(blank=True, max_length=1000, verbose_name='source in words')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='recorded')),
                ('mistaken', models.BooleanField(default=False, verbose_name='entered by mistake')),
                ('forgotten', models.BooleanField(default=False, editable=False)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation in the portal')),
                ('other_organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='other organisation')),
                ('other_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='other person')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'connection',
                'verbose_name_plural': 'connections',
                'ordering': ('-recorded_at', '-pk'),
                'indexes': [models.Index(fields=['-recorded_at', '-id'], name='evaluation__recorde_938033_idx'), models.Index(fields=['person', 'other_person'], name='evaluation__person__846585_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('began_on', None), ('ended_on', None), ('ended_on__gte', models.F('began_on')), _connector='OR'), name='evaluation_connection_ends_after_it_began'), models.CheckConstraint(condition=models.Q(('forgotten', True), models.Q(('other_organisation', None), ('other_person', None), ('person__isnull', False), models.Q(('organisation_name', ''), _negated=True), models.Q(('kind', 'group'), _negated=True)), models.Q(('other_person__isnull', False), ('person__isnull', False), ('organisation', None), ('organisation_name', ''), ('other_organisation', None), ('kind__in', ('kin', 'co_inventor', 'joint_project')), models.Q(('person', models.F('other_person')), _negated=True)), models.Q(('other_person', None), ('person', None), ('organisation__isnull', False), ('other_organisation__isnull', False), ('kind__in', ('group', 'shareholder'))), _connector='OR'), name='evaluation_connection_two_ends')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='connection',
            trigger=pgtrigger.compiler.Trigger(name='no_deletion', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8763fcdadd29abe6b643681fcc87dbacd62fc447', operation='DELETE', pgid='pgtrigger_no_deletion_6ee14', table='evaluation_connection', when='BEFORE')),
        ),
        migrations.RunSQL(first.NO_TIES, before.TIES),
        migrations.RunSQL(TIES, NO_TIES),
        migrations.RunSQL(NOMINATED, migrations.RunSQL.noop),
    ]
