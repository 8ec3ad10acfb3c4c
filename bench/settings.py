"""A platform of its own in a temporary folder, as fast as production's and never refusing.

``KAIFONG_VAR`` names the folder. With ``REDIS_URL`` pages are kept there, as in production; else
in the server's memory.
"""

import os

from config.limits import KAIFONG_LIMITS as _LIMITS
from config.settings.dev import *  # noqa: F403
from config.settings.dev import CACHES, KAIFONG, VAR_DIR

DEBUG = False
ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
DATABASES["default"]["NAME"] = VAR_DIR / "bench.sqlite3"  # noqa: F405
# Each limit is still counted at every act; it is only never reached.
KAIFONG_LIMITS = {
    name: tuple((10**9, seconds) for _count, seconds in windows)
    for name, windows in _LIMITS.items()
}
KAIFONG = {**KAIFONG, "EMBEDDED_LOCK": None}
CACHES = {**CACHES, "pages": CACHES["default"]}
if os.environ.get("REDIS_URL"):
    _REDIS = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
    }
    CACHES = {"default": _REDIS, "pages": _REDIS}
    PAGE_CACHE_NEAR_SECONDS = 1.0
    PAGE_CACHE_ASK_SECONDS = 0.2
