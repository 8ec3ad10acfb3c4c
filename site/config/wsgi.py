"""WSGI entry: pages and API in production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

from core.embedded import claim_single_process  # noqa: E402

claim_single_process()
