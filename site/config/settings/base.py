"""Settings every environment shares. Safe by default; production only adds and refuses."""

import os
from pathlib import Path
from typing import Any

from config.limits import KAIFONG_LIMITS, KAIFONG_STRICT_LIMITS  # noqa: F401

BASE_DIR = Path(__file__).resolve().parents[3]
SITE_DIR = BASE_DIR / "site"
# Where embedded mode keeps its data; tests that run a whole platform give it a folder of their own.
VAR_DIR = Path(os.environ.get("KAIFONG_VAR") or BASE_DIR / "var")

DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    # Ours, from the ground up; the order is the import contract's, upside down.
    "core",
    "accounts",
    "notifications",
    "search",
    "moderation",
    "participation",
    "questionnaires",
    "feedback",
    "consultations",
    "ideas",
    "crowdtasks.ledger",
    "crowdtasks.rewards",
    "crowdtasks",
    "crowdtasks.products",
    "crowdtasks.panel",
    "crowdtasks.findings",
    # The CMS.
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    # Live pages, jobs.
    "channels",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    # Django.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

# Where a server of Elasticsearch is, as https://user:password@host:9200 (several, comma-separated),
# or with a key instead of a password; and the file of the certificates it is trusted by.
ELASTICSEARCH = {
    "URL": os.environ.get("ELASTICSEARCH_URL", "").strip(),
    "API_KEY": os.environ.get("ELASTICSEARCH_API_KEY", "").strip(),
    "CERTIFICATE": os.environ.get("ELASTICSEARCH_CERTIFICATE", "").strip(),
    # The name that is searched there: another for each platform on one server.
    "INDEX": os.environ.get("ELASTICSEARCH_INDEX", "").strip() or "kaifong",
    "REPLICAS": os.environ.get("ELASTICSEARCH_REPLICAS", "").strip() or "0",
}
# What people search: the database's own index, or that of Elasticsearch, fed from the same rows.
SEARCH_ENGINE = os.environ.get("SEARCH_ENGINE", "").strip() or "database"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside all that may refuse: an answer to a foreign host or a NUL is not to be framed either.
    "core.middleware.SecurityPolicyMiddleware",
    # Before everything that might read a body.
    "core.bodies.BodyLimitMiddleware",
    "core.middleware.LanguageChoiceMiddleware",
    # Before the page cache: which hits of search are opened is counted for kept pages too.
    "search.insight.middleware.OpenedMiddleware",
    # Before sessions and languages: a kept public page is the same bytes for everybody.
    "core.page_cache.PageCacheMiddleware",
    "core.middleware.ClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.DomainErrorMiddleware",
    "consultations.middleware.CmsFenceMiddleware",
    "core.redirects.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.shell",
            ],
        },
    },
]
FORM_RENDERER = "core.renderers.ShellFormRenderer"

# One write transaction at a time, taken at its start: measured to be the only SQLite mode
# without "database is locked" under parallel votes (stack notes in docs/adr).
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
        "PRAGMA foreign_keys=ON;PRAGMA journal_size_limit=27103364;"
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
# The e-mail is unique by a constraint on its lower case, which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"

# Languages: English and Traditional Chinese are the authority texts, Simplified follows.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("zh-hant", "繁體"),
    ("zh-hans", "简体"),
]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [SITE_DIR / "locale", SITE_DIR / "locale_cms"]
LANGUAGE_COOKIE_NAME = "kaifong_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Hong_Kong"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [SITE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Files of citizens: no address leads there (participation.attachments).
ATTACHMENTS_ROOT = VAR_DIR / "attachments"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "attachments": {"BACKEND": "participation.attachments.folder.AttachmentFolder"},
}

# Wagtail. No calls to other people's servers: no update check, no Gravatar.
WAGTAIL_SITE_NAME = "Kaifong"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_LOGIN_URL = "/account/sign-in/"
WAGTAILIMAGES_IMAGE_MODEL = "core.MediaImage"
WAGTAILDOCS_DOCUMENT_MODEL = "core.MediaDocument"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
# apk and zip are builds of products; nothing but a PDF is shown within the browser.
WAGTAILDOCS_EXTENSIONS = [
    "apk",
    "csv",
    "docx",
    "ods",
    "odt",
    "pdf",
    "pptx",
    "txt",
    "xlsx",
    "zip",
]
WAGTAILDOCS_CONTENT_TYPES = {"apk": "application/octet-stream", "zip": "application/octet-stream"}
# Below what the body of its form may have (UPLOAD_BODY_MAX_BYTES), so that the form says so.
WAGTAILDOCS_MAX_UPLOAD_SIZE = 48 * 1024 * 1024
# Nothing is closed by a password that many share: who may read is a matter of roles.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PAGE_MODEL = "wagtailcore.Page"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# A paper is three pages that open together: approving them is our own (consultations.desk).
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# Each autosave brings the translations along; half a second is too eager for that.
WAGTAIL_AUTOSAVE_INTERVAL = 3000
TAGGIT_CASE_INSENSITIVE = True

# Signing in is our own (accounts.actions.signin); the CMS has no second door.
LOGIN_URL = "/account/sign-in/"
LOGIN_REDIRECT_URL = "/account/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# Kaifong's own.
# How long a process may hold a kept page before it asks the shared cache for it again.
PAGE_CACHE_NEAR_SECONDS = 0.0
# How long it may serve such a page without asking whether another process has purged it: the
# longest that a withheld text is still read there. Nought: it asks at each request.
PAGE_CACHE_ASK_SECONDS = 0.0
# The platform's name and contact are asked for again after so long (core.nameplate).
NAMEPLATE_SECONDS = 30.0
# Search's synonyms are held in each process so long before it looks whether the table changed.
SYNONYMS_SECONDS = 5.0
KAIFONG: dict[str, Any] = {
    "PLATFORM_NAME": {"en": "Kaifong", "zh-hant": "街坊", "zh-hans": "街坊"},
    "PERSON_KEY_PEPPER": "",
    "EMBEDDED": False,
    "CENTRAL_GATE": False,
    "GRACE_MINUTES": 30,
    # Domains of throw-away mailboxes besides accounts/data/disposable_domains.txt.
    "DISPOSABLE_DOMAINS": [],
    # Domains that may begin any number of accounts, besides the providers in accounts/mail_domains.
    "UNCOUNTED_MAIL_DOMAINS": [],
    # Points last so many months after the month in which they became available; their holder is
    # told so many days before.
    "POINTS_EXPIRE_MONTHS": 24,
    "POINTS_NOTICE_DAYS": 30,
    # Above so many points a second administrator agrees: to a correction of a person's points, to
    # what one administrator corrects of all persons', to a grant to a bureau's budget.
    "POINTS_PERSON_LIMIT": 500,
    "POINTS_OFFICER_LIMIT": 2_500,
    "POINTS_GRANT_LIMIT": 100_000,
    # What seals voucher codes, the newest first: Fernet keys (rewards.sealing).
    "VOUCHER_KEYS": [],
    # Outside suppliers of voucher codes, by name: {"url": …, "token": …} (rewards.suppliers).
    "VOUCHER_SUPPLIERS": {},
    "CONTACT": {"email": "hello@kaifong.example", "phone": ""},
    # ClamAV's daemon, host:port or the path of a socket; "": files are not scanned for viruses.
    "CLAMD": "",
    # Folders with NotoSansCJK-Regular.ttc and -Bold.ttc, for the pictures of shared links.
    "CARD_FONTS": ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk"],
}
DEFAULT_FROM_EMAIL = "Kaifong <no-reply@kaifong.example>"
# Bodies of requests (core.bodies): everybody's, those of the CMS, its pictures and documents.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# The editor sends five fields for each paragraph and one for each setting of a question, and long
# papers have hundreds.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
CMS_BODY_MAX_BYTES = 4 * 1024 * 1024
UPLOAD_BODY_MAX_BYTES = 50 * 1024 * 1024
UPLOAD_PATHS = ("/cms/images/", "/cms/documents/")
# Forms that take citizens' files, as patterns of their paths; what such a request may hold.
FILE_BODY_MAX_BYTES = 52 * 1024 * 1024
FILE_FORM_PATHS: tuple[str, ...] = (
    r"^/(?:en|zh-hant|zh-hans)/contributions/[^/]+/files/$",
    r"^/(?:en|zh-hant|zh-hans)/e/[^/]+/problem/$",
)
# How many proxies of our own stand before the platform (0: X-Forwarded-For is not read).
TRUSTED_PROXY_HOPS = 0
# The public address, for links in mails.
SITE_URL = "http://127.0.0.1:8000"
