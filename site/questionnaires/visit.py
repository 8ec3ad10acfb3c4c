"""What a visit remembers: tokens of drafts and codes of what it sent, never an answer."""

from __future__ import annotations

from django.http import HttpRequest

from questionnaires.models import Draft, Questionnaire

_DRAFTS = "drafts"
_SENT = "sent_responses"
#: Questionnaires one visit may have begun, and responses it may read again; the oldest goes first.
MOST = 10


def remember(request: HttpRequest, draft: Draft) -> None:
    """Keep a draft's token in the session, where signing in leaves it."""
    kept = _kept(request)
    name = draft.questionnaire.public_id
    kept.pop(name, None)
    kept[name] = draft.token
    while len(kept) > MOST:
        del kept[next(iter(kept))]
    request.session[_DRAFTS] = kept


def recall(request: HttpRequest, questionnaire: Questionnaire) -> str:
    """The token of the draft this visit has begun, or ''."""
    token = _kept(request).get(questionnaire.public_id, "")
    return token if isinstance(token, str) else ""


def forget(request: HttpRequest, questionnaire: Questionnaire) -> None:
    """Drop the token."""
    kept = _kept(request)
    if kept.pop(questionnaire.public_id, None) is not None:
        request.session[_DRAFTS] = kept


def note_sent(request: HttpRequest, code: str) -> None:
    """Remember that this visit sent the response of a receipt."""
    codes = [one for one in codes_sent(request) if one != code]
    request.session[_SENT] = [*codes, code][-MOST:]


def sent_by_visit(request: HttpRequest, code: str) -> bool:
    """Whether this visit sent it."""
    return code in codes_sent(request)


def codes_sent(request: HttpRequest) -> list[str]:
    """The codes of the receipts of what this visit sent, the oldest first."""
    codes = request.session.get(_SENT)
    return [one for one in codes if isinstance(one, str)] if isinstance(codes, list) else []


def _kept(request: HttpRequest) -> dict[str, str]:
    kept = request.session.get(_DRAFTS)
    return dict(kept) if isinstance(kept, dict) else {}
