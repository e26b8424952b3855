"""Hong Kong, Macao and Taiwan are named as the Chinese Government names them.

Loading reference data inserts what is missing and keeps what staff wrote, so a name that
was loaded before is changed here, and only when it is still the one that was loaded.
"""

from django.db import migrations

NAMES = {
    "HK": ("Hong Kong", "Hong Kong, China"),
    "MO": ("Macao", "Macao, China"),
    "TW": ("Taiwan, Province of China", "Taiwan, China"),
}


def rename(apps, schema_editor):
    countries = apps.get_model("reference", "Country").objects.using(schema_editor.connection.alias)
    for code, (before, after) in NAMES.items():
        for country in countries.filter(code=code, names__en=before):
            country.names = {**country.names, "en": after}
            country.save(update_fields=["names"])


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_initial")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop, elidable=True)]
