"""What names and registration numbers are compared by, as functions of the database.

Views and indexes need the same ones as the queries. Whoever changes one lays down a function of
another name and new indexes: an index keeps what the old one said.
"""

from django.db import migrations, models

import accounts.keys

# Neither part of a name nor of a number: spaces, dashes, dots, brackets, of either script.
SPACES = " \t\n\r\f\v\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
DASHES = "-\u2212\uff0d" + "".join(map(chr, range(0x2010, 0x2016)))
NOISE = SPACES + DASHES + ".,，。、·()（）&'’/"
WRITTEN = "".join(f"\\{ord(one):04X}" for one in NOISE)

FUNCTIONS = f"""
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT nullif(translate(lower(name), U&'{WRITTEN}', ''), '') $$;

CREATE FUNCTION number_key(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN number ~ '[1-9]'
               THEN nullif(translate(lower(number), U&'{WRITTEN}', ''), '') END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_members_and_verification'),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTIONS, "DROP FUNCTION number_key(text); DROP FUNCTION name_key(text)"
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(accounts.keys.NameKey('name_en'), name='accounts_organisation_key_en'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(accounts.keys.NameKey('name_zh'), name='accounts_organisation_key_zh'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(accounts.keys.NumberKey('registration_number'), models.F('country'), name='accounts_organisation_key_no'),
        ),
    ]
