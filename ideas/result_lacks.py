"""What a contest's result still lacks before its outcome may be sent for approval."""

from __future__ import annotations

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ideas.models import Contest, ContestResult, ResultPlace
from participation.models import Engagement
from participation.outcome_faults import NEEDED
from participation.outcome_parts import Lack

#: So many are named; an officer mends them one by one.
MOST_NAMED = 20


def lacks_of(engagement: Engagement) -> list[Lack]:
    """Every idea down to the last one awarded or shortlisted needs a reason, in the authority
    languages: those who are given something, and those who are passed over.

    At most four queries, whatever the number of ideas.
    """
    contest = Contest.objects.filter(engagement=engagement).first()
    if contest is None or contest.standing:
        return []
    desk = reverse("ideas:result-desk", args=[engagement.public_id])
    result = ContestResult.objects.filter(contest=contest).first()
    if result is None:
        return [Lack(_("The result is not drawn up yet."), desk)]
    found = []
    for place in _reasoned(result):
        entry = place.idea.contribution
        sentence = None
        if place.distinction and not place.idea.is_public:
            sentence = _("This idea is not public any more: it can be given nothing.")
        elif any(not place.reason.get(language) for language in NEEDED):
            sentence = _("Say why, in English and Traditional Chinese.")
        elif place.prize and any(not place.prize.get(language) for language in NEEDED):
            sentence = _("Name the prize in English and Traditional Chinese.")
        if sentence is not None:
            path = reverse("ideas:result-place", args=[engagement.public_id, entry.public_id])
            found.append(Lack(sentence, path, place.idea.title, entry.language))
        if len(found) == MOST_NAMED:
            break
    return found


def _reasoned(result: ContestResult) -> QuerySet[ResultPlace]:
    """The places that need a reason; of those given nothing only such as everybody can read."""
    given = result.places.exclude(distinction="")
    last = given.aggregate(last=Max("place"))["last"] or 0
    passed_over = Q(place__lte=last, idea__is_public=True)
    return result.places.filter(~Q(distinction="") | passed_over).select_related(
        "idea__contribution"
    )
