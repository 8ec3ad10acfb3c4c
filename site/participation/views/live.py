"""Numbers that move while a page is read, for pages whose socket is gone; the reader's state."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_person
from participation import live
from participation.access import access_engagement
from participation.models import Contribution, Follow, Support, Vote
from participation.views.shared import page_of

#: 20,000 readers who poll are then one request in this many seconds at the origin.
LIVE_SECONDS = 10


@require_safe
def live_json(request: HttpRequest, public_id: str) -> HttpResponse:
    """``{"comments", "voters", "at"}``: the same for everyone, cacheable for ten seconds."""
    engagement = access_engagement(public_id)
    response = JsonResponse(live.kept_counts(engagement))
    patch_cache_control(response, public=True, max_age=LIVE_SECONDS)
    return response


@never_cache
@require_safe
def state_json(request: HttpRequest, public_id: str) -> HttpResponse:
    """What this reader did here; the public page is the same for everyone, so it may ask."""
    engagement = access_engagement(public_id)
    person = current_person(request)
    if person is None:
        return JsonResponse({"signed_in": False})
    return JsonResponse(
        {
            "signed_in": True,
            "comments": Contribution.objects.filter(engagement=engagement, person=person)
            .exclude(state="withdrawn")
            .count(),
            "votes": Vote.objects.filter(ballot__engagement=engagement, person=person).count(),
            "agrees": list(
                Support.objects.filter(
                    comment__thread__engagement=engagement, person=person
                ).values_list("comment__contribution__public_id", flat=True)[:500]
            ),
            "follows": Follow.objects.filter(
                engagement=engagement, account__person=person, ended_at=None
            ).exists(),
        }
    )


@require_safe
def engagement(request: HttpRequest, public_id: str) -> HttpResponse:
    """The short address of an engagement, as in notices: on to its page."""
    return HttpResponseRedirect(page_of(access_engagement(public_id)))
