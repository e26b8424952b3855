import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0006_experts_enrolled'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='expert',
            name='active',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='expert',
            trigger=pgtrigger.compiler.Trigger(name='status_guard', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.status <> 'applied' THEN\n                    RAISE EXCEPTION 'expert: no life begins as %', NEW.status\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.status <> OLD.status\n                AND (OLD.status, NEW.status) NOT IN (('applied', 'enrolled'), ('applied', 'left'), ('applied', 'refused'), ('enrolled', 'enrolled'), ('enrolled', 'lapsed'), ('enrolled', 'left'), ('enrolled', 'removed'), ('lapsed', 'enrolled'), ('lapsed', 'left'), ('lapsed', 'removed'), ('left', 'applied'), ('refused', 'applied'), ('removed', 'applied')) THEN\n                RAISE EXCEPTION 'expert: no step leads from % to %',\n                    OLD.status, NEW.status USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='d4a07b14e5ef7d102d5bc113943f799be4c2b16f', operation='INSERT OR UPDATE OF "status"', pgid='pgtrigger_status_guard_4fbb1', table='evaluation_expert', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'enrolled'), _negated=True), ('renewed_until__isnull', False), _connector='OR'), name='evaluation_expert_renewed'),
        ),
    ]
