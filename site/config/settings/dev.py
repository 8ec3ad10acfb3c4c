"""Embedded mode: one process, SQLite, mail kept in the database and read at /dev/mail/."""

from .base import *  # noqa: F403
from .base import KAIFONG, SQLITE_OPTIONS, VAR_DIR

DEBUG = True
SECRET_KEY = "embedded-only-not-for-production"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "kaifong.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "notifications.backends.DevMailBackend"
KAIFONG = {**KAIFONG, "PERSON_KEY_PEPPER": "embedded-pepper", "EMBEDDED": True}
