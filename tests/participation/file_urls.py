"""The platform's addresses, and a form of a title and files for tests of such forms."""

from typing import Any

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from accounts.access import current_account, current_person
from config.urls import urlpatterns as ours
from core.file_fields import FilesField
from participation.access import access_engagement
from participation.actions.attachments import attach_tray
from participation.actions.comments import submit_comment
from participation.models import Thread
from participation.views.files import files_page, open_tray


class TitleForm(forms.Form):
    title = forms.CharField(max_length=20)
    files = FilesField(required=False, label="Pictures and documents")


def write(request: HttpRequest, public_id: str) -> HttpResponse:
    engagement = access_engagement(public_id)
    tray = open_tray(request, f"test:{public_id}")

    def act(form: Any) -> HttpResponse:
        account = current_account(request)
        receipt = submit_comment(
            engagement=engagement,
            thread=Thread.objects.get(engagement=engagement, key="whole"),
            person=current_person(request),
            account=account,
            text=form.cleaned_data["title"],
            language="en",
            publish_choice="name",
        )
        attach_tray(
            tray=tray,
            contribution=receipt.contribution,
            person=current_person(request),
            account=account,
        )
        return HttpResponseRedirect("/done/")

    return files_page(
        request,
        "participation/files.html",
        TitleForm,
        act=act,
        tray=tray,
        engagement=engagement,
        kind="comment",
        form_id="write",
    )


urlpatterns = [*i18n_patterns(path("test/<slug:public_id>/", write, name="test-write")), *ours]
