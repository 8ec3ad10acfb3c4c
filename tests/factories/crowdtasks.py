"""Campaigns for tests, made and published through the real actions."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from accounts.models import Account, Bureau
from consultations.actions.paper import publish_paper, start_paper
from consultations.actions.translation import follow_source
from crowdtasks.actions.claims import claim_place
from crowdtasks.actions.reviewing import decide_claim
from crowdtasks.models import Campaign, CampaignPage, Claim
from participation import faces
from participation.models import Engagement, Receipt
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.loading import questionnaire_of
from tests.factories.consultations import today, translator_from
from tests.factories.core import make_tree
from tests.factories.engagements import make_account, make_bureau
from tests.factories.participation import make_citizen
from tests.factories.questions import option, question, section

_numbers = count(1)
Blocks = list[dict[str, Any]]


def poll_questions() -> Blocks:
    """One question with three answers."""
    answers = [option("yes", "Yes"), option("no", "No"), option("unsure", "I do not know")]
    return [section("s1", "A poll", question("one", "q1", "More benches?", options=answers))]


def _check() -> dict[str, Any]:
    right = [option("a", "This one"), option("b", "Not this one")]
    right[0]["value"]["expected"] = True
    return question("one", "check", "Please choose the first answer.", options=right)


def checked_questions() -> Blocks:
    """One screen with a check of attention."""
    return [section("s1", "A poll", _check())]


def survey_questions() -> Blocks:
    """Two parts, the first with a check of attention."""
    uses = [option("daily", "Daily"), option("never", "Never")]
    return [
        section(
            "s1",
            "How you use the park",
            question("one", "uses", "How often do you go?", options=uses),
            _check(),
        ),
        section("s2", "In your words", question("long", "why", "What should change?")),
    ]


def make_campaign_draft(
    *,
    kind: str = "survey",
    bureau: Bureau | None = None,
    by: Account | None = None,
    title: str = "",
    opens: int = -1,
    closes: int = 20,
    **fields: Any,
) -> CampaignPage:
    """A draft with its dates (days from today), its translations written by ``by``."""
    make_tree()
    by = by or make_account()
    page = start_paper(
        face=faces.of_kind("campaign"),
        bureau=bureau or make_bureau(),
        title=title or f"Campaign {next(_numbers)}",
        source_language="en",
        by=by,
        fields={
            "kind": kind,
            "summary": "What is asked.",
            "contact": "Policy Division",
            "about": "<p>Why it is asked.</p>",
            "questions": poll_questions() if kind == "poll" else survey_questions(),
            "opens_on": today() + dt.timedelta(days=opens),
            "closes_on": today() + dt.timedelta(days=closes),
            "response_due": today() + dt.timedelta(days=closes + 60),
            **fields,
        },
        translator=translator_from("en"),
    )
    page.refresh_from_db()
    return page


def make_campaign(**fields: Any) -> tuple[CampaignPage, Campaign]:
    """A published campaign, its engagement at hand."""
    page = make_campaign_draft(**fields)
    engagement = publish_paper(page=page, by=None)
    page.refresh_from_db()
    return page, fresh(engagement)


def fresh(engagement: Engagement) -> Campaign:
    """The campaign as the database has it."""
    return Campaign.objects.select_related("engagement__owner").get(engagement=engagement)


def put(draft: CampaignPage, fields: dict[str, Any]) -> None:
    """Set fields of a draft, questions as the editor stores them."""
    for name, given in fields.items():
        stream = draft._meta.get_field(name).stream_block if name == "questions" else None
        setattr(draft, name, stream.to_python(given) if stream else given)


def edit_campaign(page: CampaignPage, **fields: Any) -> None:
    """Save a new draft of the source page, as the editor does, and translate it."""
    draft = page.get_latest_revision_as_object()
    put(draft, fields)
    draft.save_revision(clean=False)
    page.refresh_from_db()
    follow_source(page=page, by=make_account(), translator=translator_from("en"))


ANSWERS: dict[str, dict[str, Any]] = {
    "poll": {"q1": {"option": "yes"}},
    "survey": {"uses": {"option": "daily"}, "check": {"option": "a"}},
}


def claim(campaign: Campaign, account: Account | None = None) -> Claim:
    """A place taken by somebody."""
    return claim_place(campaign=campaign, person=(account or make_citizen()).person)


def answer(
    campaign: Campaign, account: Account | None = None, answers: dict[str, Any] | None = None
) -> Receipt:
    """The receipt of a response sent by a program: a place is taken and used at once."""
    account = account or make_citizen()
    return submit_response(
        questionnaire=questionnaire_of(campaign.engagement),
        answers=answers or ANSWERS[campaign.kind],
        person=account.person,
        account=account,
    )


def write_draft(campaign: Campaign, account: Account, answers: dict[str, Any] | None = None) -> Any:
    """A draft of a person, begun and answered."""
    questionnaire = questionnaire_of(campaign.engagement)
    assert questionnaire is not None
    draft = begin_draft(questionnaire=questionnaire, person=account.person, language="en")
    draft.questionnaire = questionnaire
    return save_draft(draft=draft, values=answers or ANSWERS[campaign.kind], person=account.person)


def decline(row: Claim, by: Account, reason: str = "Nothing was read.") -> Claim:
    """The claim, declined by an officer as it stands."""
    decide_claim(claim=row, verdict="decline", reason=reason, language="en", by=by, known=row.state)
    row.refresh_from_db()
    return row


def accept(row: Claim, by: Account) -> Claim:
    """The claim, accepted by an officer as it stands."""
    decide_claim(claim=row, verdict="accept", reason="", language="en", by=by, known=row.state)
    row.refresh_from_db()
    return row
