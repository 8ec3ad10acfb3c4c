"""Embedded mode: one process, SQLite, mail kept in the database and read at /dev/mail/."""

import base64

import environ

from .base import *  # noqa: F403
from .base import KAIFONG, SQLITE_OPTIONS, VAR_DIR

_env = environ.Env()

# Off here too, so that a newcomer meets our error pages; DEBUG=1 make serve shows tracebacks.
DEBUG = _env.bool("DEBUG", default=False)
SECRET_KEY = "embedded-only-not-for-production"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "kaifong.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
    }
}
# Far above the default of 300 entries: what falls out of a full cache is also counts of limits.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # In files: a command run beside the server drops the pages that the server keeps.
    "pages": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "pages",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}
EMAIL_BACKEND = "notifications.backends.DevMailBackend"
# Static files straight from their sources; nothing is collected.
STATIC_ROOT = None  # type: ignore[assignment]
WHITENOISE_USE_FINDERS = True
KAIFONG = {
    **KAIFONG,
    "PERSON_KEY_PEPPER": "embedded-pepper",
    "VOUCHER_KEYS": [base64.urlsafe_b64encode(SECRET_KEY.encode()).decode()],
    "EMBEDDED": True,
    "EMBEDDED_LOCK": VAR_DIR / "embedded.lock",
    # The one password of all accounts at demo.example, printed at the start.
    "DEMO": {"PASSWORD": "kaifong-demo-2026"},
}
_PORT = _env.int("PORT", default=8000)
SITE_URL = f"http://127.0.0.1:{_PORT}"
WAGTAILADMIN_BASE_URL = SITE_URL
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Django keeps quiet on the console without DEBUG; here an error must be seen where it happens.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # 4xx are answers, not faults.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.tasks": {"handlers": [], "level": "WARNING", "propagate": True},
        "django_tasks": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
