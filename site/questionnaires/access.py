"""Every fetch at an edge goes through here; hidden and absent look the same (decision 3)."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from accounts.keys import token_hash
from accounts.models import Person
from core.exceptions import Absent
from core.ids import is_public_id
from participation.models import Engagement
from questionnaires.loading import questionnaire_of
from questionnaires.models import Answer, Draft, DraftLink, Questionnaire, Response
from questionnaires.whereabouts import LINK_ENDED, not_here


def access_questionnaire(engagement: Engagement) -> Questionnaire:
    """The questionnaire of a public engagement. Raises Absent where nothing is asked."""
    row = questionnaire_of(engagement)
    if row is None:
        raise Absent
    return row


def access_draft(token: str, questionnaire: Questionnaire) -> Draft:
    """The draft that a token opens, of this very questionnaire, submitted or not.

    Raises Absent; with the code ``draft_moved`` where the mailed link took it elsewhere.
    """
    row = None
    if token and token.isalnum() and token.isascii():
        row = (
            Draft.objects.select_related("response__contribution__receipt")
            .filter(token=token[:32], questionnaire=questionnaire)
            .first()
        )
    if row is None:
        raise not_here(token)
    row.questionnaire = questionnaire
    return row


def access_draft_link(token: str, questionnaire: Questionnaire) -> DraftLink:
    """The mailed link of a secret, used or not, with its draft. Raises Absent."""
    row = (
        DraftLink.objects.select_related("draft")
        .filter(token_hash=token_hash(token), draft__questionnaire=questionnaire)
        .first()
        if token.isalnum() and token.isascii()
        else None
    )
    if row is None:
        raise Absent(LINK_ENDED)
    row.draft.questionnaire = questionnaire
    return row


def access_response(
    code: str, engagement: Engagement, *, person: Person | None, known: bool = False
) -> Response:
    """The response of a receipt's code, for who wrote it: the person, or the visit that sent it.

    ``known``: the visit holds the code among those it submitted. Raises Absent for everybody else.
    """
    row = None
    if code.isalnum() and code.isascii():
        row = (
            Response.objects.select_related(
                "contribution__engagement__owner", "contribution__receipt", "questionnaire"
            )
            .filter(
                contribution__receipt__code=code[:32],
                contribution__engagement=engagement,
                contribution__engagement__state="published",
            )
            .first()
        )
    own = row is not None and person is not None and row.person_id == person.pk
    if row is None or not (own or (known and row.person_id is None)):
        raise Absent
    row.contribution.engagement = engagement
    row.questionnaire.engagement = engagement
    return row


def own_responses(person: Person) -> QuerySet[Response]:
    """What a person answered, in every state, the newest first, with the answers: four queries."""
    answers = (
        Answer.objects.select_related("question")
        .prefetch_related("choices__option")
        .order_by("question__section__order", "question__order", "pk")
    )
    return (
        Response.objects.filter(person=person, contribution__engagement__state="published")
        .select_related(
            "contribution__engagement__owner", "contribution__person", "contribution__receipt"
        )
        .prefetch_related(Prefetch("answers", answers))
        .order_by("-contribution__received_at", "-pk")
    )


def access_own_response(public_id: str, person: Person) -> Response:
    """A response of this very person, in any state. Raises Absent for everybody else's."""
    if not is_public_id(public_id):
        raise Absent
    row = own_responses(person).filter(contribution__public_id=public_id).first()
    if row is None:
        raise Absent
    return row
