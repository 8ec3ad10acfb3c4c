"""What we compare with: the least a Django view can do for the same answer."""

from __future__ import annotations

import time
from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.test import override_settings
from django.utils import timezone

from consultations.models import Statement
from core.models import AuditEntry
from participation.models import Comment, Engagement, Receipt, Support, Vote, VoteEvent

#: The middleware that ``startproject`` writes into a new project.
STARTPROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
_PAGES: dict[int, bytes] = {}


def page(request: HttpRequest, size: int) -> HttpResponse:
    """As many bytes as the page it is compared with, from memory."""
    if size not in _PAGES:
        _PAGES[size] = b"x" * size
    return HttpResponse(_PAGES[size])


def vote(request: HttpRequest) -> HttpResponse:
    """A signed-in vote with as many queries as ours, and none of its rules."""
    engagement = Engagement.objects.prefetch_related("phases").get(
        public_id=request.POST["engagement"]
    )
    statement = Statement.objects.select_related("ballot").get(public_id=request.POST["statement"])
    choice = {"agree": 1, "disagree": -1, "pass": 0}[request.POST["choice"]]
    person, at = request.user.person, timezone.now()  # type: ignore[union-attr]
    with transaction.atomic():
        Vote.objects.put(ballot_id=statement.ballot_id, person_id=person.pk, choice=choice, at=at)
        event = VoteEvent.objects.create(
            ballot=statement.ballot, person=person, choice=choice, level=1, at=at, channel="web"
        )
        AuditEntry.objects.create(verb="vote.cast", at=at, actor="bench", salt="x", rows=[event.pk])
        Receipt.objects.filter(engagement=engagement, person=person, contribution=None).first()
    return HttpResponseRedirect("/bare/page/0/")


def consultations(request: HttpRequest) -> JsonResponse:
    """A hundred consultations and how many there are, as their columns are."""
    rows = Engagement.objects.public().select_related("owner", "outcome").order_by("closes_at")
    items = [
        {
            "id": row.public_id,
            "kind": row.kind,
            "title": row.title,
            "summary": row.summary,
            "bureau": {"code": row.owner.code, "slug": row.owner.slug, "name": row.owner.name},
            "opens_at": row.opens_at,
            "closes_at": row.closes_at,
            "response_due": row.response_due,
            "file_number": row.file_number,
            "topics": row.topics,
            "districts": row.districts,
            "pages": row.paths,
        }
        for row in rows[:100]
    ]
    return JsonResponse({"items": items, "count": rows.count()})


def comments(request: HttpRequest, public_id: str) -> JsonResponse:
    """A hundred public comments of one consultation, how many agree, and how many there are."""
    about = Engagement.objects.get(public_id=public_id)
    rows = (
        Comment.objects.filter(contribution__engagement=about, contribution__state="published")
        .select_related(
            "contribution", "bureau", "thread", "thread__engagement", "parent__contribution"
        )
        .order_by("-contribution__received_at", "-pk")
    )
    found = list(rows[:100])
    agreed = dict(
        Support.objects.filter(comment__in=found)
        .values_list("comment")
        .annotate(number=Count("pk"))
    )
    items = [
        {
            "id": row.contribution.public_id,
            "consultation": row.thread.engagement.public_id,
            "on": row.thread.key,
            "reply_to": row.parent.contribution.public_id if row.parent else None,
            "state": row.contribution.state,
            "text": row.contribution.text,
            "language": row.contribution.language,
            "author": row.contribution.author_name,
            "official": row.bureau.code if row.bureau else None,
            "received_at": row.contribution.received_at,
            "edited_at": row.contribution.edited_at,
            "supports": agreed.get(row.pk, 0),
        }
        for row in found
    ]
    return JsonResponse({"items": items, "count": rows.count()})


def cpu(request: HttpRequest) -> HttpResponse:
    """CPU seconds this server has used so far, all its threads together."""
    return HttpResponse(repr(time.process_time()))


def _handler(kind: type[Any]) -> Any:
    """A second handler in the same process, with the middleware of a new project."""
    with override_settings(MIDDLEWARE=STARTPROJECT):
        return kind()


def wsgi_handler() -> WSGIHandler:
    """The bare project's WSGI application."""
    handler: WSGIHandler = _handler(WSGIHandler)
    connection.close()
    return handler


def asgi_handler() -> ASGIHandler:
    """The bare project's ASGI application."""
    handler: ASGIHandler = _handler(ASGIHandler)
    return handler
