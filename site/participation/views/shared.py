"""What several pages of taking part need: the way to sign in, the engagement's page, headers."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from core import clock, texts
from participation import faces
from participation.models import Comment, Engagement, Phase
from participation.policies import Verdict
from participation.stages import stage


def language() -> str:
    """The page's language, one of ours."""
    return texts.known_language(get_language())


def sign_in(request: HttpRequest, to: str) -> HttpResponse:
    """Lead to the sign-in page, which leads back to ``to`` (a path of ours)."""
    query = urlencode({"next": to})
    return HttpResponseRedirect(f"/{language()}/account/sign-in/?{query}")


def page_of(engagement: Engagement) -> str:
    """The engagement's public page in this language, else the list of its comments."""
    found = texts.pick(engagement.paths, language()).text
    return found or f"/{language()}/e/{engagement.public_id}/comments/?on=whole"


def comment_path(comment: Comment, *, alone: bool = False) -> str:
    """The public list that shows a comment, at the comment (a reply: at what it answers).

    ``alone``: its own page with its replies, on which it is found however many came after it.
    """
    thread = comment.thread
    path = reverse("participation:comments", args=[thread.engagement.public_id])
    own = comment.contribution.public_id
    query = urlencode({"on": thread.key, **({"at": own} if alone else {})})
    return f"{path}?{query}#c-{own}"


def about(engagement: Engagement) -> dict[str, Any]:
    """What each page of an act says of its engagement."""
    now = clock.now()
    return {
        "engagement": engagement,
        "engagement_title": texts.pick(engagement.title, language()),
        "engagement_path": page_of(engagement),
        "words": faces.words_of(engagement),
        "stage": stage(engagement, now),
        "now": now,
    }


def cannot(
    request: HttpRequest,
    engagement: Engagement,
    verdict: Verdict,
    *,
    phases: Sequence[Phase] = (),
    **context: Any,
) -> HttpResponse:
    """The page of an act that is not open now: why, and what can be done instead.

    ``phases``: when it can be done, where that is not the whole time of the engagement.
    """
    status = {"level": 403, "address": 403, "hidden": 404}.get(verdict.code, 409)
    page = {
        **about(engagement),
        "sentence": verdict.sentence,
        "code": verdict.code,
        "opens_at": min((one.opens_at for one in phases), default=engagement.opens_at),
        "closes_at": max((one.closes_at for one in phases), default=engagement.closes_at),
        "index": faces.index_of(engagement),
        **context,
    }
    response = render(request, "participation/cannot.html", page, status=status)
    add_never_cache_headers(response)
    return response
