"""Every address of the platform. Pages live under their language; the rest exists once."""

from pathlib import Path

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.api import absent, api, docs, docs_entry
from consultations.cms_closed import nowhere
from consultations.views import machines
from core import views

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"

urlpatterns = [
    path("", views.root, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("cms/", include("accounts.cms_urls")),
    path("cms/", include("consultations.cms_closed")),
    path("cms/", include(wagtailadmin_urls)),
    # Nothing is closed by a password here; the pages that ask for one say that something is there.
    path("documents/authenticate_with_password/<int:restriction_id>/", nowhere),
    path("documents/", include(wagtaildocs_urls)),
    path("dev/mail/", include("notifications.dev_urls")),
    path("api/v1/docs", docs_entry, name="api_docs"),
    path("api/v1/", api.urls),
    path("api/<path:rest>", absent, name="api_absent"),
    # Once, outside the languages.
]

if settings.KAIFONG["EMBEDDED"]:
    # Pictures of the CMS only: documents go through the CMS, which asks who may have them. In
    # production the web server does this (docs/operations.md).
    urlpatterns += [
        path(
            "media/images/<path:path>",
            serve,
            {"document_root": Path(settings.MEDIA_ROOT) / "images"},
            name="media",
        )
    ]

urlpatterns += i18n_patterns(
    path("", include("core.urls")),
    path("api/v1/docs/", docs, name="api_docs_page"),
    path("search/", include("search.urls")),
    # Rooms, one line each, before the page tree.
    path("reports/", include("feedback.urls")),
    path("", include("feedback.said_urls")),
    path("account/notices/", include("notifications.urls")),
    path("account/", include("accounts.urls")),
    path("", include("consultations.urls")),
    path("", include("moderation.urls")),
    path("", include("consultations.page_urls")),
    path("", include("ideas.urls")),
    path("", include("crowdtasks.products.urls")),
    path("", include("crowdtasks.panel.urls")),
    path("", include("crowdtasks.findings.urls")),
    path("", include("crowdtasks.urls")),
    path("", include("crowdtasks.rewards.urls")),
    path("", include("crowdtasks.ledger.urls")),
    path("", include("questionnaires.urls")),
    path("", include("participation.urls")),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        nowhere,
        name="page_password",
    ),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
