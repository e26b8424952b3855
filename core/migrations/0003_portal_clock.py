"""The clock deadlines are held by: one function, so that one thing is replaced in a test."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_names_of_columns'),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION portal_clock() RETURNS timestamptz
                LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()'
            """,
            reverse_sql="DROP FUNCTION portal_clock()",
        ),
    ]
