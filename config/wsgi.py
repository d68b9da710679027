"""The WSGI application. It refuses to start with unusable settings or a database role that RLS does not bind."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
call_command("check", databases=["default"], verbosity=0)
