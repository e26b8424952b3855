import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0013_clarifications'),
        ('submissions', '0038_names_indexed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='dossier', serialize=False, to='evaluation.assignment', verbose_name='assignment')),
                ('language', models.CharField(max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('total', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('file', models.FileField(blank=True, upload_to='dossiers/')),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('holds', models.JSONField(default=list)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='submissions.declarationversion')),
            ],
            options={
                'verbose_name': 'declaration as one file',
                'verbose_name_plural': 'declarations as one file',
                'ordering': ('asked_at', 'assignment'),
                'indexes': [models.Index(condition=models.Q(('failed_at', None), ('made_at', None)), fields=['asked_at'], name='evaluation_dossier_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('made_at', None)), models.Q(('failed_at', None), ('made_at__isnull', False), models.Q(('file', ''), _negated=True)), _connector='OR'), name='evaluation_dossier_made'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='evaluation_dossier_done')],
            },
        ),
    ]
