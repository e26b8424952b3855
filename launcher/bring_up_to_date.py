"""Migrate, make the cache table, grant rights: python -m launcher.bring_up_to_date [ROLE]

One process instead of three commands of manage.py: each start of Django takes a second of
the minute that a first start has. Runs as the owner of the tables.
"""

import os
import sys

import django
from django.core.management import call_command


def main(roles: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pool_portal.settings")
    django.setup()
    call_command("migrate", interactive=False, skip_checks=False)
    call_command("createcachetable")
    for role in roles:
        call_command("grant_application_role", role)


if __name__ == "__main__":
    main(sys.argv[1:])
