"""What a moderator's decision does to one text of a response. The response itself stays."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import audit, clock
from core.exceptions import Absent, Conflict
from participation import live
from participation.models import PublishChoice
from questionnaires.models import Answer, Response, TextState


@transaction.atomic
def decide_answer(*, public_id: str, by: Account, version: int, publish: bool) -> Answer:
    """Publish or withhold one written answer; called by ``moderation`` only.

    Raises Absent for an answer that is gone, Conflict when its author withdrew the response,
    changed the text or chose the bureau only.
    """
    answer = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("response__contribution__engagement")
        .filter(public_id=public_id)
        .first()
    )
    if answer is None:
        raise Absent
    _check(answer.response)
    if answer.version != version or answer.state == TextState.NONE:
        raise Conflict(_("Its author has changed it meanwhile. Read it again."), code="edited")
    answer.state = TextState.PUBLISHED if publish else TextState.WITHHELD
    if publish and answer.published_at is None:
        answer.published_at = clock.now()
    answer.save(update_fields=["state", "published_at"])
    engagement = answer.response.contribution.engagement
    audit.record(
        "answer.publish" if publish else "answer.withhold",
        actor=by,
        engagement_id=engagement.public_id,
        subject=answer.public_id,
        rows=[answer],
    )
    live.changed(engagement)
    return answer


@transaction.atomic
def decide_signature(*, public_id: str, by: Account, version: int, publish: bool) -> Response:
    """Show or hide the alias or organisation's name of a response; called by ``moderation`` only.

    A hidden alias is not taken from the same person again. Raises as ``decide_answer``.
    """
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("contribution__engagement")
        .filter(contribution__public_id=public_id)
        .first()
    )
    if response is None:
        raise Absent
    _check(response)
    contribution = response.contribution
    if contribution.version != version or response.signature_state == TextState.NONE:
        raise Conflict(_("Its author has changed it meanwhile. Read it again."), code="edited")
    response.signature_state = TextState.PUBLISHED if publish else TextState.WITHHELD
    response.save(update_fields=["signature_state"])
    if contribution.author_name:
        contribution.name_withheld = not publish
        contribution.save(update_fields=["name_withheld"])
    audit.record(
        "signature.publish" if publish else "signature.withhold",
        actor=by,
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[response, contribution],
    )
    live.changed(contribution.engagement)
    return response


def _check(response: Response) -> None:
    if not response.live:
        raise Conflict(_("Its author has withdrawn it."), code="withdrawn")
    if response.contribution.publish_choice == PublishChoice.CONFIDENTIAL:
        raise Conflict(_("Its author chose that only the bureau reads it."), code="confidential")
