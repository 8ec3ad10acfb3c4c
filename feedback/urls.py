"""Addresses of reports, below each language, behind sign-in."""

from django.urls import path, register_converter

from feedback import views
from feedback.files import FORMATS

app_name = "feedback"


class FormatConverter:
    """One of the file formats."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "report_format")

urlpatterns = [
    path("", views.index, name="index"),
    path("<str:public_id>/", views.report, name="report"),
    path("<str:public_id>/make/", views.make, name="make"),
    path("<str:public_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<str:public_id>/making/<str:making_id>/", views.making, name="making"),
    path("<str:public_id>/<int:version>/", views.frozen, name="frozen"),
    path("<str:public_id>/<int:version>/make/", views.make_files, name="make_files"),
    path(
        "<str:public_id>/<int:version>/<str:language>.<report_format:name>",
        views.download,
        name="download",
    ),
]
