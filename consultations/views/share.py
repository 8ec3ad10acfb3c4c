"""The picture that social networks and messengers show beside a link to a paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.share_card import Card, NoFont, picture
from core import clock, dates, nameplate, page_cache
from core.texts import known_language, pick
from participation import live
from participation.access import access_engagement

#: How long others may hold the picture: title and dates seldom change.
_SECONDS = 3600


@require_safe
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """A PNG of 1200 by 630: bureau, title and dates in the language of the address.

    Where the fonts are not installed the platform's own picture is shown instead.
    """
    engagement = access_engagement(public_id)
    language = known_language(get_language())
    when = ""
    if engagement.opens_at and engagement.closes_at:
        range_ = dates.format_range(engagement.opens_at, engagement.closes_at, language)
        when = _("Open for comment: %(dates)s") % {"dates": range_}
    try:
        content = picture(
            Card(
                language=language,
                platform=pick(nameplate.current().name, language).text,
                owner=pick(engagement.owner.name, language).text,
                title=pick(engagement.title, language).text,
                dates=when,
            )
        )
    except NoFont:
        return HttpResponseRedirect(static("img/share.png"))
    response = HttpResponse(content, content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return page_cache.keep(response, tags=[live.tag(engagement)], now=clock.now())
