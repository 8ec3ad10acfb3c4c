"""Submitting where something stands already: the same again, a change, a replacement."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from core import clock
from core.exceptions import Absent, Conflict
from participation.actions.contributions import already_sent, sent_with
from participation.models import Contribution, ContributionKind, Receipt
from questionnaires.actions.changes import change_response
from questionnaires.actions.following import empty_draft
from questionnaires.actions.submissions import Submission
from questionnaires.definition import Definition
from questionnaires.judging import canonical, judge
from questionnaires.loading import load_for_writing
from questionnaires.models import Draft, Response
from questionnaires.signing import Signing, clean_signing


def go_on(
    draft: Draft, *, person: Person | None, account: Account | None, signing: Signing
) -> Receipt:
    """A draft that has a response: it was submitted already, or it is a change of that one."""
    response = Response.objects.select_related("contribution__receipt").get(pk=draft.response_id)
    if draft.submitted_at is None:
        change_response(
            response=response,
            answers=draft.answers,
            route=draft.route,
            person=person,
            account=account,
            signing=signing,
            version=draft.signing.get("version"),
        )
        empty_draft(draft, response, person, clock.now())
    return response.contribution.receipt


def replace_what_stands(
    sent: Submission,
    *,
    person: Person | None,
    account: Account | None,
    signing: Signing,
    replace: bool,
    version: int | None,
) -> Receipt:
    """Change the person's live response into this one; Conflict where that was not asked for."""
    if not replace:
        raise Conflict(
            _("You have answered this already. Change what you sent, or replace it."),
            code="already_answered",
            data={"receipt": sent.earlier},
        )
    receipt = Receipt.objects.select_related("contribution__response").get(code=sent.earlier)
    contribution = receipt.contribution
    if contribution is None:
        raise Absent
    changed = change_response(
        response=contribution.response,
        answers=sent.answers,
        route=sent.route,
        person=person,
        account=account,
        signing=signing,
        version=version,
    )
    if sent.draft is not None:
        empty_draft(sent.draft, changed, person, clock.now())
    # As it stands now: the caller tells its version, state and text.
    receipt.contribution = changed.contribution
    return receipt


def receipt_of_the_same(
    sent: Submission, key: str, *, person: Person | None, signing: Signing
) -> Receipt | None:
    """The receipt of the same key; Conflict when it came with other answers or another name."""
    earlier = sent_with(
        key,
        person=person,
        engagement=sent.questionnaire.engagement,
        kind=ContributionKind.RESPONSE,
    )
    if earlier is None:
        return None
    response = getattr(earlier, "response", None)
    first = earlier.versions.filter(number=1).first()
    same_questions = response is not None and response.questionnaire == sent.questionnaire
    if response is not None and same_questions and first is not None:
        definition, _rows = load_for_writing(sent.questionnaire)
        same = canonical(judge(definition, sent.answers, sent.route).answers, sent.route)
        if first.text == same and _is_signed_so(earlier, response, signing, definition):
            return earlier.receipt
    raise already_sent()


def _is_signed_so(
    earlier: Contribution, response: Response, signing: Signing, definition: Definition
) -> bool:
    """Whether it was given as the same. Once its author changed it nobody can tell any more."""
    if earlier.version > 1:
        return True
    wanted = clean_signing(signing, organisations=definition.organisations)
    if wanted.alias and wanted.alias != earlier.author_name:
        return False
    return (wanted.capacity, wanted.organisation, wanted.publish_choice) == (
        response.capacity,
        response.organisation,
        earlier.publish_choice,
    )
