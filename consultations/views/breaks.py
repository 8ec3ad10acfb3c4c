"""Where the lines of Chinese titles may end, for an officer to correct."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import Account
from consultations.access import access_paper
from consultations.actions.breaks import as_typed, correct_breaks, titles_of
from consultations.checklist import language_name
from core.exceptions import DomainError
from core.texts import html_lang


@never_cache
def breaks(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every Chinese title on a line of its own with bars between its words."""
    account = cast(Account, request.user)
    engagement, page = access_paper(public_id, account, write=True)
    titles = titles_of(page)
    lines = [as_typed(title, engagement.title_words) for _language, title in titles]
    status, error = 200, ""
    if request.method == "POST":
        typed = [str(value) for name, value in request.POST.items() if name.startswith("t-")]
        try:
            correct_breaks(page=page, typed=typed, by=account)
        except DomainError as refused:
            status, error = refused.status, str(refused)
            lines = (typed + lines[len(typed) :])[: len(lines)]
        else:
            messages.success(request, _("Saved. Lines end where you said."))
            return redirect("kaifong_desk:breaks", public_id)
    rows = [
        {"language": language_name(code), "lang": html_lang(code), "title": title, "line": line}
        for (code, title), line in zip(titles, lines, strict=True)
    ]
    context = {"engagement": engagement, "rows": rows, "error": error}
    return render(request, "consultations/desk/breaks.html", context, status=status)
