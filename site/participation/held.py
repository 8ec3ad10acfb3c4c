"""Where a visitor's session remembers what was typed before signing in: tokens, never texts."""

from django.http import HttpRequest

from participation.models import Engagement, PendingAct

_KEY = "held_acts"
#: Engagements one visit may have something typed on; the oldest is forgotten first.
_MOST = 10


def remember(request: HttpRequest, act: PendingAct) -> None:
    """Keep the token of an act in the session, where sign-in leaves it."""
    kept = dict(request.session.get(_KEY) or {})
    name = _name(act.engagement, act.kind)
    kept.pop(name, None)
    kept[name] = act.token
    while len(kept) > _MOST:
        del kept[next(iter(kept))]
    request.session[_KEY] = kept


def recall(request: HttpRequest, engagement: Engagement, kind: str) -> str:
    """The token of what this visit typed on an engagement, or ''."""
    kept = request.session.get(_KEY)
    token = kept.get(_name(engagement, kind), "") if isinstance(kept, dict) else ""
    return token if isinstance(token, str) else ""


def forget(request: HttpRequest, engagement: Engagement, kind: str) -> None:
    """Drop the token once nothing may be done with it any more."""
    kept = dict(request.session.get(_KEY) or {})
    if kept.pop(_name(engagement, kind), None) is not None:
        request.session[_KEY] = kept


def _name(engagement: Engagement, kind: str) -> str:
    return f"{kind}:{engagement.public_id}"
