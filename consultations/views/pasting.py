"""The whole text of a paper pasted at once: shown as it will be, then added to the draft."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.models import Account
from consultations.access import access_paper
from consultations.actions.pasting import Reading, paste_text, read_pasted
from consultations.forms.desk import PasteForm
from consultations.models import Submission
from consultations.reading import chapters
from core.form_pages import form_page
from core.texts import html_lang
from participation.models.engagement import DEFAULT_KIND


@never_cache
def paste(request: HttpRequest, public_id: str) -> HttpResponse:
    """One box for the text; what it becomes is shown with its counts before anything is added."""
    account = cast(Account, request.user)
    engagement, page = access_paper(public_id, account, write=True, kind=DEFAULT_KIND)
    lang = html_lang(page.language)
    context = {
        "engagement": engagement,
        "page_lang": lang,
        "there": len(chapters(page.get_latest_revision_as_object())),
        "waits": Submission.objects.waiting_for(page.translation_key) is not None,
    }

    def act(form: PasteForm) -> HttpResponse:
        text = form.cleaned_data["text"]
        if "add" in request.POST:
            added = paste_text(page=page, text=text, seen=form.cleaned_data["seen"], by=account)
            messages.success(request, _added(added))
            return redirect("kaifong_desk:steps", public_id)
        reading = read_pasted(text, page=page)
        shown = PasteForm(initial={"text": text, "seen": reading.seen}, lang=lang)
        return render(
            request,
            "consultations/desk/paste.html",
            {**context, "form": shown, "form_id": "form", "reading": reading},
        )

    return form_page(
        request,
        "consultations/desk/paste.html",
        PasteForm,
        act=act,
        context=context,
        lang=lang,
    )


def _added(reading: Reading) -> str:
    return ngettext(
        "%(count)s paragraph was added to the draft.",
        "%(count)s paragraphs were added to the draft.",
        reading.paragraphs,
    ) % {"count": reading.paragraphs}
