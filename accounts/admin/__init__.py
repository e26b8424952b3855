"""Accounts and organisations for officers and the system administrator.

Every change goes through the services, which record it. Signing in is the portal's own, second
factor included; no page here shows a password, a token or a secret.
"""

from allauth.account import admin as account_admin  # noqa: F401 -- registers what is taken off below
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin  # noqa: F401 -- as above
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import admin as group_admin  # noqa: F401 -- as above
from django.contrib.auth.models import Group

from accounts.admin import organisations, people, words  # noqa: F401 -- register themselves

for secret in (EmailAddress, Authenticator, Group):
    admin.site.unregister(secret)
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's manual says
