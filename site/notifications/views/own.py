"""The notices of the reader's own account."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Account
from accounts.views.common import signed_in
from core.texts import known_language
from notifications.access import access_notice, access_notices
from notifications.actions import mark_read
from notifications.listing import shown
from notifications.models import Notice
from notifications.paths import localised

A_PAGE = 20


@signed_in
@require_safe
def notices(request: HttpRequest, account: Account) -> HttpResponse:
    """All notices, newest first; what is new is marked by a word."""
    mine = access_notices(account)
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "notices": shown(page.object_list),
        "unread": mine.filter(read_at__isnull=True).count(),
    }
    return render(request, "notifications/notices.html", context)


@signed_in
@require_safe
def open_notice(request: HttpRequest, account: Account, public_id: str) -> HttpResponse:
    """Go where the notice leads and note that it was read."""
    notice = access_notice(public_id, account)
    mark_read(notices=Notice.objects.filter(pk=notice.pk), by=account)
    path = localised(notice.path, known_language(get_language()))
    return HttpResponseRedirect(path or reverse("notifications:notices"))


@signed_in
@require_POST
def read_all(request: HttpRequest, account: Account) -> HttpResponse:
    """Note that all notices were read."""
    mark_read(notices=access_notices(account), by=account)
    return HttpResponseRedirect(reverse("notifications:notices"))
