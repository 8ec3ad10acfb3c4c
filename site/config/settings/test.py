"""Tests: PostgreSQL when DATABASE_URL names one, else SQLite; mail stays in memory."""

from hashlib import sha256

import environ

from .dev import *  # noqa: F403
from .dev import BASE_DIR, CACHES, DATABASES, KAIFONG, SQLITE_OPTIONS, VAR_DIR

env = environ.Env()
DEBUG = False
_CHECKOUT = sha256(str(BASE_DIR).encode()).hexdigest()[:8]
if env("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    # A file, not memory: threads that vote in parallel need connections of their own.
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASES["default"]["TEST"] = {
        # Of this checkout: tests of two at once are not in each other's way.
        "NAME": env("SQLITE_TEST_NAME", default=f"/tmp/kaifong-test-{_CHECKOUT}.sqlite3")
    }
# One store for both: a test that clears the cache clears the kept pages with it.
CACHES = {**CACHES, "pages": CACHES["default"]}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The default hash is slow on purpose; tests sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Looked up when asked for: each test client would else list every static file at its start.
WHITENOISE_AUTOREFRESH = True
SITE_URL = "http://testserver"
# Held from the start of a test to its end: on a busy machine half a minute ran out in the middle of
# one that counts queries, and a page took one more.
NAMEPLATE_SECONDS = 86_400.0
# Rows of a test are gone with it: each question looks, but where a test counts queries.
SYNONYMS_SECONDS = 0.0
# Many test processes at once are no second server.
KAIFONG = {**KAIFONG, "PERSON_KEY_PEPPER": "test-pepper", "EMBEDDED_LOCK": None}
# Pictures that tests make stay apart from those of the running site.
MEDIA_ROOT = VAR_DIR / "test-media"
ATTACHMENTS_ROOT = VAR_DIR / "test-attachments"
