"""What became of a nomination is kept once, and who is not asked is kept like who is."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# The first decision after the consent, as the audit has it: approvals were noted on nominations
# too whose own application had been refused.
BY_AUDIT = """
    UPDATE evaluation_nomination AS row SET outcome = found.outcome, decided_at = found.at
    FROM (
        SELECT DISTINCT ON (one.id) one.id, act.at,
            CASE act.act
                WHEN 'expert.enrol' THEN 'approved'
                WHEN 'expert.refuse' THEN 'refused'
                ELSE 'left'
            END AS outcome
        FROM evaluation_nomination one
        JOIN core_auditentry act
            ON act.subject_type = 'expert' AND act.subject_id = one.expert_id::text
            AND act.act IN ('expert.enrol', 'expert.refuse', 'expert.leave')
            AND act.at >= one.ended_at
        WHERE one.status = 'consented' AND one.outcome = ''
        ORDER BY one.id, act.id
    ) AS found
    WHERE row.id = found.id
"""
# Where the audit has none: approved as it was noted, else by where the person stands today.
AS_NOTED = """
    UPDATE evaluation_nomination SET outcome = 'approved'
    WHERE outcome = '' AND decided_at IS NOT NULL
"""
BY_STATUS = """
    UPDATE evaluation_nomination AS row
    SET outcome = CASE WHEN expert.status IN ('refused', 'left') THEN expert.status
            ELSE 'approved' END,
        decided_at = coalesce(expert.status_since, row.ended_at, row.nominated_at)
    FROM evaluation_expert expert
    WHERE expert.user_id = row.expert_id AND row.status = 'consented' AND row.outcome = ''
        AND expert.status <> 'applied'
"""


def fill(apps, schema_editor):
    """Write down what became of each nomination, as well as it can be known; safe to run twice."""
    for statement in (BY_AUDIT, AS_NOTED, BY_STATUS):
        schema_editor.execute(statement)


# No row is written twice here, or the keys it holds wait to be checked and no table is altered.
# An earlier release knows approvals alone, and one open nomination of an address.
APPROVALS_ALONE = """
    UPDATE evaluation_nomination SET decided_at = NULL WHERE outcome IN ('refused', 'left')
"""
ASKED_ALONE = """
    UPDATE evaluation_nomination SET status = 'withdrawn', ended_at = coalesce(ended_at, now())
    WHERE unasked <> '' AND status = 'invited'
"""


def empty(apps, schema_editor):
    """Leave what an earlier release can read."""
    for statement in (APPROVALS_ALONE, ASKED_ALONE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_keys'),
        ('core', '0001_initial'),
        ('evaluation', '0033_late_conflicts_bind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='nomination',
            name='evaluation_nomination_one_open',
        ),
        migrations.RemoveConstraint(
            model_name='nomination',
            name='evaluation_nomination_approved_whom',
        ),
        # When it was decided, whatever was decided.
        migrations.RenameField(
            model_name='nomination',
            old_name='approved_at',
            new_name='decided_at',
        ),
        migrations.AlterField(
            model_name='nomination',
            name='decided_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='decided'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='outcome',
            field=models.CharField(blank=True, choices=[('approved', 'taken into the pool'), ('refused', 'refused'), ('left', 'took the application back')], default='', editable=False, max_length=20, verbose_name='outcome'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='unasked',
            field=models.CharField(blank=True, choices=[('known', 'in the pool already, or has applied: not asked'), ('asked', 'nominated by somebody else already: not asked'), ('declined', 'declined a short while ago: not asked')], default='', editable=False, max_length=20, verbose_name='why nobody was asked'),
        ),
        migrations.RunPython(fill, empty),
        pgtrigger.migrations.AddTrigger(
            model_name='nomination',
            trigger=pgtrigger.compiler.Trigger(name='asked_or_not_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "unasked" rows from % table\', TG_TABLE_NAME;', hash='08c6bfb2f2c838d28e3b576704714e0b55cad5f2', operation='UPDATE OF "unasked"', pgid='pgtrigger_asked_or_not_stays_b3498', table='evaluation_nomination', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nomination',
            trigger=pgtrigger.compiler.Trigger(name='decided_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."decided_at" IS NOT NULL)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "status", "expert_id", "outcome", "decided_at" rows from % table\', TG_TABLE_NAME;', hash='5c5b12b95d369240d1ce68ef398ff3f0e204bf52', operation='UPDATE OF "status", "expert_id", "outcome", "decided_at"', pgid='pgtrigger_decided_stays_3e6dc', table='evaluation_nomination', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'invited'), ('unasked', '')), fields=('address',), name='evaluation_nomination_one_open'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('outcome', '')), models.Q(('decided_at__isnull', False), ('outcome__in', ['approved', 'refused', 'left']), ('status', 'consented')), _connector='OR'), name='evaluation_nomination_decided'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.CheckConstraint(condition=models.Q(('unasked', ''), models.Q(('by_organisation', True), ('expert', None), ('status__in', ('invited', 'withdrawn', 'expired')), ('unasked__in', ['known', 'asked', 'declined'])), _connector='OR'), name='evaluation_nomination_unasked'),
        ),
    ]
