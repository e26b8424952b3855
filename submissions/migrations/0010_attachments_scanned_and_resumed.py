import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('submissions', '0005_profiles'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartialUpload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('test_report', 'test or monitoring report'), ('flow_diagram', 'flow diagram'), ('acceptance', 'acceptance report'), ('certificate', 'patent or certificate'), ('user_opinion', 'opinion of a user'), ('monitoring', 'monitoring report'), ('operating_log', 'operating log'), ('photo', 'photograph'), ('ownership', 'proof of ownership or licence'), ('joint_proof', 'proof of a joint declaration'), ('appraisal', 'appraisal of the technology'), ('novelty_search', 'novelty search report'), ('award', 'proof of a listing, award or funding'), ('recommendation', 'stamped recommendation'), ('commitment', 'stamped commitment'), ('other', 'other')], max_length=20)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('file_name', models.CharField(max_length=255)),
                ('size', models.PositiveIntegerField()),
                ('offset', models.PositiveIntegerField(default=0)),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None)),
                ('begun_at', models.DateTimeField(auto_now_add=True)),
                ('touched_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'file on its way',
                'verbose_name_plural': 'files on their way',
                'ordering': ('begun_at', 'id'),
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='finding',
            field=models.CharField(blank=True, max_length=200, verbose_name='malware'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='scanned_at',
            field=models.DateTimeField(null=True, verbose_name='scanned'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='status',
            field=models.CharField(choices=[('not_scanned', 'not scanned for malware'), ('waiting', 'waiting for the malware scan'), ('clean', 'no malware found'), ('found', 'malware found, file deleted')], default='not_scanned', editable=False, max_length=20, verbose_name='malware scan'),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='file_name',
            field=models.CharField(max_length=255),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='status_guard', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.status <> 'not_scanned' THEN\n                    RAISE EXCEPTION 'attachment: no life begins as %', NEW.status\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.status <> OLD.status\n                AND (OLD.status, NEW.status) NOT IN (('not_scanned', 'clean'), ('not_scanned', 'found'), ('not_scanned', 'waiting'), ('waiting', 'clean'), ('waiting', 'found'), ('waiting', 'waiting')) THEN\n                RAISE EXCEPTION 'attachment: no step leads from % to %',\n                    OLD.status, NEW.status USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='b707ae54dd21e7691389eb848b8e28b2158f3ce2', operation='INSERT OR UPDATE OF "status"', pgid='pgtrigger_status_guard_fd4e5', table='submissions_attachment', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='partialupload',
            name='attachment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='submissions.attachment'),
        ),
        migrations.AddField(
            model_name='partialupload',
            name='begun_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partialupload',
            name='declaration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='submissions.declaration'),
        ),
        migrations.AddIndex(
            model_name='partialupload',
            index=models.Index(fields=['touched_at'], name='submissions_touched_6fea68_idx'),
        ),
        migrations.AddConstraint(
            model_name='partialupload',
            constraint=models.CheckConstraint(condition=models.Q(('offset__lte', models.F('size'))), name='submissions_upload_not_too_long'),
        ),
    ]
