"""Production: everything that differs between installations comes from the environment.

What is missing or weak is refused at once, all of it in one message. docs/operations.md has the
list with examples.
"""

import base64
import binascii
import os
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import (
    ELASTICSEARCH,
    KAIFONG,
    SEARCH_ENGINE,
    SILENCED_SYSTEM_CHECKS,
    STORAGES,
    VAR_DIR,
)

env = environ.Env()

REQUIRED = {
    "SECRET_KEY": "50 or more random characters",
    "PERSON_KEY_PEPPER": "32 or more random characters, never changed again",
    "VOUCHER_KEYS": "what seals voucher codes: keys of rotate_voucher_keys --new, newest first",
    "SITE_URL": "the public address, such as https://engage.example.hk",
    "ALLOWED_HOSTS": "host names, comma-separated",
    "DATABASE_URL": "postgres://user:password@host:5432/name",
    "REDIS_URL": "redis://host:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
    "DEFAULT_FROM_EMAIL": "the sender of mails, such as Engage <no-reply@example.hk>",
    "MEDIA_ROOT": "a folder kept between releases",
    "ATTACHMENTS_ROOT": "a folder for citizens' files, kept between releases, not in MEDIA_ROOT",
    "TRUSTED_PROXY_HOPS": "how many proxies of yours stand before the platform, such as 1",
}


def _is_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text.encode())) == 32
    except (binascii.Error, ValueError):
        return False


def _wrong_with_search() -> list[str]:
    if SEARCH_ENGINE not in {"database", "elasticsearch"}:
        return ["SEARCH_ENGINE must be database or elasticsearch."]
    if SEARCH_ENGINE == "elasticsearch" and not ELASTICSEARCH["URL"]:
        return ["ELASTICSEARCH_URL must name the server that SEARCH_ENGINE asks for."]
    if not ELASTICSEARCH["REPLICAS"].isdigit():
        return ["ELASTICSEARCH_REPLICAS must be a number, 0 or more."]
    return []


def _refuse_what_is_wrong() -> None:
    missing = [name for name in REQUIRED if not env.str(name, default="").strip()]
    faults = [f"{name} is missing: {REQUIRED[name]}." for name in missing]
    for name, least in (("SECRET_KEY", 50), ("PERSON_KEY_PEPPER", 32)):
        if name not in missing and len(env.str(name)) < least:
            faults.append(f"{name} is too short: {REQUIRED[name]}.")
    if "SITE_URL" not in missing and urlsplit(env.str("SITE_URL")).scheme != "https":
        faults.append("SITE_URL must begin with https://.")
    if "ALLOWED_HOSTS" not in missing and "*" in env.str("ALLOWED_HOSTS"):
        faults.append("ALLOWED_HOSTS must name hosts; a star would trust any.")
    if "DATABASE_URL" not in missing and not env.str("DATABASE_URL").startswith("postgres"):
        faults.append("DATABASE_URL must name a PostgreSQL database.")
    if "TRUSTED_PROXY_HOPS" not in missing and not env.str("TRUSTED_PROXY_HOPS").isdigit():
        faults.append("TRUSTED_PROXY_HOPS must be a number, 0 or more.")
    if "VOUCHER_KEYS" not in missing and not all(map(_is_key, env.list("VOUCHER_KEYS"))):
        faults.append("VOUCHER_KEYS must hold keys of 32 bytes in base64, comma-separated.")
    for name, supplier in env.json("VOUCHER_SUPPLIERS", default={}).items():
        if not str(supplier.get("url", "")).startswith("https://"):
            faults.append(f"VOUCHER_SUPPLIERS: the url of {name} must begin with https://.")
    faults += _wrong_with_search()
    if os.environ.get("KAIFONG_CRASH_AT"):
        faults.append("KAIFONG_CRASH_AT kills the process on purpose: it is for tests alone.")
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise ImproperlyConfigured(f"The environment is not complete:\n{listed}")


_refuse_what_is_wrong()

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
SITE_URL = env.str("SITE_URL").rstrip("/")
WAGTAILADMIN_BASE_URL = SITE_URL
CSRF_TRUSTED_ORIGINS = [SITE_URL]
KAIFONG = {
    **KAIFONG,
    "PERSON_KEY_PEPPER": env.str("PERSON_KEY_PEPPER"),
    "VOUCHER_KEYS": env.list("VOUCHER_KEYS"),
    "VOUCHER_SUPPLIERS": env.json("VOUCHER_SUPPLIERS", default={}),
    "DISPOSABLE_DOMAINS": env.list("DISPOSABLE_DOMAINS", default=[]),
    "CLAMD": env.str("CLAMD", default=""),
    "UNCOUNTED_MAIL_DOMAINS": env.list("UNCOUNTED_MAIL_DOMAINS", default=[]),
}

DATABASES = {
    "default": {
        **env.db("DATABASE_URL"),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env.str("REDIS_URL")
_REDIS = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
}
CACHES = {"default": _REDIS, "pages": _REDIS}
# A page of 50 kB does not travel from Redis at each request, and whether it was purged is asked
# five times a second: a withheld text is gone everywhere within a fifth of a second.
PAGE_CACHE_NEAR_SECONDS = 1.0
PAGE_CACHE_ASK_SECONDS = 0.2
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},  # type: ignore[dict-item]
    }
}
# In the database alone: revoking a session works at once, and signing in does without Redis.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Transport. The proxy's word is believed only where the operator says a proxy is there.
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS")
if TRUSTED_PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# core.middleware.SecurityPolicyMiddleware says frame-ancestors, which the check does not see.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W002"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=60 * 60 * 24 * 365)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

# Files.
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
MEDIA_ROOT = env.str("MEDIA_ROOT")
ATTACHMENTS_ROOT = env.str("ATTACHMENTS_ROOT")
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Its own handler mails tracebacks with request data; ours writes the route alone.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
    },
}
