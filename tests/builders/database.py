"""The database of this test, for processes of its own."""

from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """Return the address of the test's database, with the password where it has one."""
    db = connection.settings_dict
    password = f":{quote(db['PASSWORD'], safe='')}" if db["PASSWORD"] else ""
    return f"postgres://{db['USER']}{password}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
