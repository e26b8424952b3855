"""A month, as a unit, is 个月 in Chinese: it is printed after a figure, where 3月 is March.

Loading reference data keeps what staff wrote, so a name that was loaded before is changed
here, and only when it is still the one that was loaded.
"""

from django.db import migrations


def rename(apps, schema_editor):
    units = apps.get_model("reference", "Unit").objects.using(schema_editor.connection.alias)
    for unit in units.filter(code="month", **{"names__zh-hans": "月"}):
        unit.names = {**unit.names, "zh-hans": "个月"}
        unit.save(update_fields=["names"])


class Migration(migrations.Migration):
    dependencies = [("reference", "0005_reasons_of_the_formal_check")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop, elidable=True)]
