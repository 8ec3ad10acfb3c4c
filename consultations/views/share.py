"""The picture that social networks and messengers show beside a link to a paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import dates, nameplate
from core.share_card import Card, served
from core.texts import known_language, pick
from participation import live
from participation.access import access_engagement


@require_safe
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """A PNG of 1200 by 630: bureau, title and dates in the language of the address."""
    engagement = access_engagement(public_id)
    language = known_language(get_language())
    when = ""
    if engagement.opens_at and engagement.closes_at:
        range_ = dates.format_range(engagement.opens_at, engagement.closes_at, language)
        when = _("Open for comment: %(dates)s") % {"dates": range_}
    made = Card(
        language=language,
        platform=pick(nameplate.current().name, language).text,
        owner=pick(engagement.owner.name, language).text,
        title=pick(engagement.title, language).text,
        dates=when,
    )
    return served(made, tags=[live.tag(engagement)])
