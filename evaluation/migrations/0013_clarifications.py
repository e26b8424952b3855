import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0012_scores_name_their_evidence'),
    ]

    operations = [
        migrations.CreateModel(
            name='Clarification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('asked', 'waits for an officer'), ('passed_on', 'waits for the enterprise'), ('declined', 'not passed on'), ('answered', 'answered by the enterprise'), ('lapsed', 'not answered in time')], default='asked', editable=False, max_length=20, verbose_name='state')),
                ('section', models.CharField(blank=True, max_length=40)),
                ('field', models.CharField(blank=True, max_length=60)),
                ('question', models.TextField(verbose_name='question of the expert')),
                ('asked_at', models.DateTimeField(verbose_name='question asked')),
                ('wording', models.TextField(blank=True, verbose_name='question to the enterprise')),
                ('passed_on_at', models.DateTimeField(null=True, verbose_name='passed on')),
                ('due_on', models.DateField(null=True, verbose_name='to be answered until the end of')),
                ('reason', models.TextField(blank=True, verbose_name='why it was not passed on')),
                ('answer', models.TextField(blank=True, verbose_name='answer of the enterprise')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answer given')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clarifications', to='evaluation.assignment', verbose_name='assignment')),
            ],
            options={
                'verbose_name': 'question to an enterprise',
                'verbose_name_plural': 'questions to enterprises',
                'ordering': ('-asked_at', 'id'),
                'indexes': [models.Index(fields=['status', 'due_on'], name='evaluation__status_770af0_idx'), models.Index(fields=['-asked_at', 'id'], name='evaluation__asked_a_273219_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('question', ''), _negated=True), models.Q(models.Q(('section', ''), _negated=True), ('field', ''), _connector='OR')), name='evaluation_clarification_asks'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('passed_on_at__isnull', False), ('status__in', frozenset(['answered', 'lapsed', 'passed_on'])), models.Q(('wording', ''), _negated=True)), models.Q(models.Q(('status__in', frozenset(['answered', 'lapsed', 'passed_on'])), _negated=True), ('due_on', None), ('passed_on_at', None), ('wording', '')), _connector='OR'), name='evaluation_clarification_passed_on'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', False), ('status', 'answered'), models.Q(('answer', ''), _negated=True)), models.Q(models.Q(('status', 'answered'), _negated=True), ('answer', ''), ('answered_at', None)), _connector='OR'), name='evaluation_clarification_answered')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clarification',
            trigger=pgtrigger.compiler.Trigger(name='status_guard', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.status <> 'asked' THEN\n                    RAISE EXCEPTION 'clarification: no life begins as %', NEW.status\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.status <> OLD.status\n                AND (OLD.status, NEW.status) NOT IN (('asked', 'declined'), ('asked', 'passed_on'), ('passed_on', 'answered'), ('passed_on', 'lapsed')) THEN\n                RAISE EXCEPTION 'clarification: no step leads from % to %',\n                    OLD.status, NEW.status USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='f7fdaa332f818374b1896408f161dd10e940b967', operation='INSERT OR UPDATE OF "status"', pgid='pgtrigger_status_guard_139c3', table='evaluation_clarification', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clarification',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c49a4e0e4fd19fe4bd4b32dba3a7b6a04a25875b', operation='DELETE', pgid='pgtrigger_kept_540cc', table='evaluation_clarification', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clarification',
            trigger=pgtrigger.compiler.Trigger(name='asked_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "assignment_id", "section", "field", "question", "asked_at" rows from % table\', TG_TABLE_NAME;', hash='53d84b9ad15c7faebd7bc51a502b35f56b92f6d8', operation='UPDATE OF "assignment_id", "section", "field", "question", "asked_at"', pgid='pgtrigger_asked_stays_b3900', table='evaluation_clarification', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clarification',
            trigger=pgtrigger.compiler.Trigger(name='passed_on_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'asked\'))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "wording", "passed_on_at", "due_on" rows from % table\', TG_TABLE_NAME;', hash='7ac5d752b273e1650dd144733164dce21431fbba', operation='UPDATE OF "wording", "passed_on_at", "due_on"', pgid='pgtrigger_passed_on_stays_7cb17', table='evaluation_clarification', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clarification',
            trigger=pgtrigger.compiler.Trigger(name='answered_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" = \'answered\')', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "answer", "answered_at" rows from % table\', TG_TABLE_NAME;', hash='8f976d5242183b33562daa662f79c1c3ab90e564', operation='UPDATE OF "answer", "answered_at"', pgid='pgtrigger_answered_stays_2b154', table='evaluation_clarification', when='BEFORE')),
        ),
    ]
