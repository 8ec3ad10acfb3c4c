"""Everything another bureau has that an address can name, made by the real actions.

The officer whose fence is tried works for EPD; all of this is LCSD's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import UploadedFile

from accounts.actions import grant_role, invite
from accounts.models import Account, Bureau, Role
from consultations.actions.approval import submit_paper
from consultations.actions.opinion import keep_grouping
from consultations.models import ConsultationPage
from consultations.tree import ensure_collection
from core import clock, jobs
from core.models import MediaDocument
from crowdtasks.panel.actions.sessions import add_observation
from feedback import tasks
from feedback.actions.snapshots import ask_report
from feedback.models import Delivery, Making, ReportFile
from ideas.actions.drafts import save_draft
from moderation.models import Item
from notifications.models import Notice
from participation.actions.outcome_items import add_items
from participation.actions.outcomes import save_outcome, submit_outcome
from participation.actions.pending import hold_act
from participation.models import Engagement
from questionnaires.actions.counting import keep_figures
from questionnaires.actions.drafts import begin_draft
from questionnaires.actions.links import mail_draft_link
from questionnaires.actions.responses import submit_response
from questionnaires.models import Questionnaire, Response
from search.actions.saving import save_search
from search.filters import Filters
from search.models import SynonymGroup
from tests.factories.accounts import make_account, make_bureau, make_staff
from tests.factories.consultations import (
    chapter,
    make_paper,
    make_paper_draft,
    paragraph,
    today,
)
from tests.factories.core import make_image
from tests.factories.crowdtasks import (
    answer,
    checked_questions,
    decline,
    make_campaign,
    make_campaign_draft,
)
from tests.factories.engagements import make_engagement
from tests.factories.files import attach, picture
from tests.factories.findings import find
from tests.factories.ideas import invite_to, make_contest, make_contest_draft, make_idea
from tests.factories.juries import make_judged, make_juror, score
from tests.factories.opinions import make_camps
from tests.factories.outcomes import Desk, close, make_item, publish
from tests.factories.panel import (
    accept,
    booked,
    drawn,
    make_invited,
    make_session,
    volunteer,
    volunteers,
)
from tests.factories.participation import decide, make_comment, make_public_comment
from tests.factories.products import (
    builds_of,
    hand_in,
    make_product,
    make_product_draft,
    make_rewarded,
    make_round_draft,
)
from tests.factories.questions import question, section
from tests.factories.reports import make_questionnaire as make_survey
from tests.factories.reports import make_response
from tests.factories.results import announce, draw, give, make_scored
from tests.factories.rewards import entries_of, give_points, make_prize, make_reward, redeem
from tests.factories.statements import make_statement
from tests.factories.votes import cast, make_voting, open_now

SECRET = "Secret plan of the other bureau"
BODY = [chapter("c1", "Chapter", paragraph("p1", "One."))]
QUESTIONS = [section("s1", "Section", question("short", "q1", "Which?"))]


@dataclass
class Theirs:
    """What LCSD has, and who may meet it. ``things`` is what the table of addresses fills in."""

    bureau: Bureau
    officer: Account
    author: Account
    moderator: Account
    juror: Account
    administrator: Account
    things: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.things[name]


def both_roles(bureau: Bureau, email: str) -> Account:
    """An officer who is approver as well: whatever either may do."""
    account = make_staff(Role.OFFICER, bureau, email)
    grant_role(account=account, role=Role.APPROVER, bureau=bureau, by="system")
    account.refresh_from_db()
    return account


def make_theirs(*, reports: bool = True) -> Theirs:
    """Make it all; reports, with their files, take the longest."""
    bureau = make_bureau("LCSD")
    theirs = Theirs(
        bureau=bureau,
        officer=both_roles(bureau, "officer@theirs.example"),
        author=make_account("author@theirs.example", name="Ah Fong"),
        moderator=make_staff(Role.MODERATOR, bureau, "moderator@theirs.example"),
        juror=make_staff(Role.JUROR, bureau, "juror@theirs.example"),
        administrator=make_staff(Role.ADMINISTRATOR, None, "admin@theirs.example"),
    )
    _drafts(theirs)
    _open(theirs)
    _outcomes(theirs)
    if reports:
        _reports(theirs)
    _shelf(theirs)
    _rewards(theirs)
    _platform(theirs)
    return theirs


def _paper(theirs: Theirs, opens: int, closes: int, **fields: Any) -> Engagement:
    return make_paper(
        bureau=theirs.bureau,
        by=theirs.officer,
        body=BODY,
        statements=[],
        opens=opens,
        closes=closes,
        **fields,
    )[1]


def _draft(theirs: Theirs, by: Account, **fields: Any) -> ConsultationPage:
    return make_paper_draft(
        bureau=theirs.bureau, by=by, body=BODY, statements=[], title=SECRET, **fields
    )


def _drafts(theirs: Theirs) -> None:
    colleague = make_staff(Role.OFFICER, theirs.bureau, "colleague@theirs.example")
    draft = _draft(theirs, theirs.officer, questions=QUESTIONS)
    waiting = _draft(theirs, colleague)
    submission = submit_paper(page=waiting, by=colleague)
    assert draft.engagement is not None
    assert waiting.engagement is not None
    draft.refresh_from_db()
    theirs.things.update(
        draft=draft.engagement.public_id,
        waiting=waiting.engagement.public_id,
        submission=submission.public_id,
        page=draft.pk,
        page_slug=draft.slug,
        translation=draft.get_translations().get(locale__language_code="zh-hant").pk,
        section=draft.get_parent().pk,
        revision=draft.latest_revision_id,
        path=f"consultations/lcsd/{draft.slug}/",
    )


def _open(theirs: Theirs) -> None:
    """One that everybody sees, with things in it that nobody but some may see."""
    engagement = make_engagement(
        bureau=theirs.bureau, title="Open to all", results_from="live", moderation_policy="before"
    )
    author = theirs.author
    public = make_public_comment(engagement, "Said aloud.", account=author)
    hidden = make_comment(
        engagement, "To the bureau alone.", account=author, publish_choice="confidential"
    )
    held = make_comment(engagement, "Waits for a moderator.", account=author)
    survey = make_survey(engagement)
    shown = make_response(
        survey, {"long": "Read by all."}, state="published", text_state="published"
    )
    kept = make_response(survey, {"long": "Read by few."}, state="held", text_state="held")
    receipt = submit_response(
        questionnaire=survey,
        answers={"long": "Mine."},
        person=author.person,
        account=author,
    )
    keep_figures(questionnaire=survey)
    make_camps(engagement)
    keep_grouping(engagement=engagement)
    _contests(theirs)
    _tasks(theirs)
    _products(theirs)
    page, paper = make_paper(bureau=theirs.bureau, by=theirs.officer, body=BODY, statements=[])
    theirs.things.update(
        open=engagement.public_id,
        paper=paper.public_id,
        live_page=page.pk,
        live_slug=page.slug,
        public_comment=public.contribution.public_id,
        hidden_comment=hidden.contribution.public_id,
        held_comment=held.contribution.public_id,
        item=Item.objects.get(target_id=held.contribution.public_id).public_id,
        answer=shown.answers.get().public_id,
        held_answer=kept.answers.get().public_id,
        code=receipt.code,
        response=Response.objects.get(contribution__receipt=receipt).contribution.public_id,
        statement=make_statement(engagement).public_id,
        held_statement=make_statement(engagement, state="held").public_id,
        draft_token=begin_draft(questionnaire=survey, person=None, language="en", source="s").token,
        draft_link=_mailed_link(survey),
        survey=survey.public_id,
        typed={kind: _typed(engagement, kind) for kind in ("comment", "statement")},
    )


def _mailed_link(survey: Questionnaire) -> str:
    """The secret of a mailed link to somebody's draft."""
    draft = begin_draft(questionnaire=survey, person=None, language="en", source="s")
    mail_draft_link(draft=draft, email="writer@theirs.example", language="en")
    path = Notice.objects.get(kind="draft-link").path
    return path.rstrip("/").rsplit("/", 1)[-1]


def _tasks(theirs: Theirs) -> None:
    """A poll that everybody sees and a draft of one."""
    draft = make_campaign_draft(kind="poll", bureau=theirs.bureau, by=theirs.officer, title=SECRET)
    page, poll = make_campaign(
        kind="poll", bureau=theirs.bureau, by=theirs.officer, questions=checked_questions()
    )
    answer(poll, theirs.author, {"check": {"option": "b"}})
    row = decline(poll.claims.get(), theirs.officer)
    theirs.things.update(
        task_claim=row.public_id,
        their_task=poll.engagement.public_id,
        task_slug=page.slug,
        task_draft=draft.engagement.public_id,
        task_draft_slug=draft.slug,
    )


def _products(theirs: Theirs) -> None:
    """A product with a round that everybody sees, and drafts of both."""
    theirs_to = {"bureau": theirs.bureau, "by": theirs.officer}
    _page, product = make_product(**theirs_to)
    build = builds_of(product)[0]
    page, row = make_rewarded(build=build, by=theirs.officer)
    hand_in(row, theirs.author, minutes=0)
    award = decline(row.awards.get(), theirs.officer)
    invited = make_invited(build=build, by=theirs.officer)
    volunteers(4)
    volunteer(theirs.author)
    draw = drawn(invited, {"25-34": 5}, account=theirs.officer)
    booking = booked(make_session(draw), accept(draw.invitations.get(person=theirs.author.person)))
    note = add_observation(
        session=booking.session, text="Seen.", language="en", account=theirs.officer
    )
    finding = find(row, theirs.author, happened=f"{SECRET} finding.")
    drafted = make_product_draft(**theirs_to, title=SECRET)
    draft = make_round_draft(build=build, by=theirs.officer, title=SECRET)
    theirs.things.update(
        round_award=award.public_id,
        their_round=row.engagement.public_id,
        their_session=booking.session.public_id,
        their_booking=booking.public_id,
        their_note=note.public_id,
        their_invited=invited.engagement.public_id,
        finding=finding.contribution.public_id,
        round_slug=page.slug,
        round_draft=draft.engagement.public_id,
        round_draft_slug=draft.slug,
        product_draft_slug=drafted.slug,
        product_draft=drafted.engagement.public_id,
        their_product=product.public_id,
    )


def _contests(theirs: Theirs) -> None:
    """A contest that everybody sees and a draft of one, with ideas public, held and begun."""
    author = theirs.author
    draft = make_contest_draft(bureau=theirs.bureau, by=theirs.officer, title=SECRET)
    page, contest = make_contest(bureau=theirs.bureau, by=theirs.officer)
    begun = save_draft(
        engagement=contest, person=author.person, title="Begun.", text="", language="en"
    )
    typed = hold_act(
        engagement=contest,
        kind="idea",
        payload={"title": "Typed.", "text": "Typed."},
        language="en",
        source="address:192.0.2.7",
    )
    public, held = (make_idea(contest, account=author) for _each in range(2))
    files = [
        attach(idea.contribution, author, content=picture()).public_id for idea in (public, held)
    ]
    decide(public.contribution)
    _votes(theirs)
    judged, ideas = make_judged("A judged idea", bureau=theirs.bureau)
    judged.phases.filter(key="jury").update(opens_at=clock.now() - dt.timedelta(hours=1))
    juror, _account = make_juror(judged, theirs.juror, by=theirs.officer)
    score(juror, theirs.juror, {ideas[0]: (5, 5)}, submit=False)
    theirs.things.update(
        **_juries(theirs),
        judged=judged.public_id,
        judged_idea=ideas[0].contribution.public_id,
        juror=juror.public_id,
        public_file=files[0],
        held_file=files[1],
        their_contest=contest.public_id,
        contest_slug=page.slug,
        contest_draft=draft.engagement.public_id,
        contest_draft_slug=draft.slug,
        public_idea=public.contribution.public_id,
        held_idea=held.contribution.public_id,
        seat=invite_to(held, "friend@theirs.example").public_id,
        begun_idea=begun.public_id,
        typed_idea=typed.token,
    )


def _juries(theirs: Theirs) -> dict[str, str]:
    """Two results: one that is drawn up and written, one that is public."""
    approver = make_staff(Role.APPROVER, theirs.bureau, "jury@theirs.example")
    found = {}
    for name in ("closed_jury", "told_jury"):
        contest, ideas = make_scored(
            "A judged idea", officer=theirs.officer, juror=theirs.juror, bureau=theirs.bureau
        )
        draw(contest, theirs.officer)
        give(contest, ideas[0], "awarded", theirs.officer)
        found[name] = contest.public_id
        found.setdefault("closed_idea", ideas[0].contribution.public_id)
    announce(contest, officer=theirs.officer, approver=approver)
    return found


def _votes(theirs: Theirs) -> None:
    """A contest in its vote, in which the author has voted, and what a visit has chosen there."""
    _page, vote, ideas = make_voting("budget", bureau=theirs.bureau, by=theirs.officer)
    open_now(vote)
    cast(vote, ideas[:1], by=theirs.author)
    chosen = hold_act(
        engagement=vote.ballot.engagement,
        kind="idea-vote",
        payload={"choices": {idea.contribution.public_id: 1 for idea in ideas[:1]}},
        language="en",
        source="address:192.0.2.7",
    )
    theirs.things.update(their_voting=vote.ballot.engagement.public_id, chosen_votes=chosen.token)


def _typed(engagement: Engagement, kind: str) -> str:
    """What a visitor wrote before signing in, by the token that the visit holds."""
    payload = {"text": "Typed.", "publish_choice": "confidential", "on": "whole", "to": ""}
    act = hold_act(
        engagement=engagement,
        kind=kind,
        payload=payload if kind == "comment" else {"text": "Typed."},
        language="en",
        source="address:192.0.2.7",
    )
    return act.token


def _outcomes(theirs: Theirs) -> None:
    officer = theirs.officer
    extended = _paper(theirs, -1, 40)
    answered = _paper(theirs, -1, 40, questions=QUESTIONS)
    answered.questionnaires.update(frozen_at=clock.now())
    closed = _paper(theirs, -40, -2)
    parts = _paper(theirs, -40, -2)
    (item,) = add_items(engagement=parts, targets=[("whole", "")], by=officer)
    waits = _paper(theirs, -40, -2)
    save_outcome(engagement=waits, text={"en": "Done.", "zh-hant": "完成。"}, by=officer)
    submit_outcome(engagement=waits, by=officer)
    overdue = _paper(theirs, -140, -100)
    Engagement.objects.filter(pk=overdue.pk).update(response_due=today() - dt.timedelta(days=2))
    told = make_engagement(bureau=theirs.bureau, moderation_policy="after")
    close(told)
    desk = Desk(told, officer, both_roles(theirs.bureau, "second@theirs.example"))
    make_item(desk)
    publish(desk)
    theirs.things.update(
        extended=extended.public_id,
        answered=answered.public_id,
        closed=closed.public_id,
        parts=parts.public_id,
        part=item.public_id,
        outcome_waits=waits.public_id,
        overdue=overdue.public_id,
        told=told.public_id,
    )


def _reports(theirs: Theirs) -> None:
    """Frozen and sent at the close, with every file; then one more being made."""
    engagement = make_engagement(bureau=theirs.bureau, title="Reported on")
    close(engagement)
    tasks.begin_closed_reports()
    jobs.drain()
    delivery = Delivery.objects.select_related("snapshot").get(snapshot__engagement=engagement)
    files = ReportFile.objects.filter(snapshot=delivery.snapshot)
    assert set(files.values_list("format", flat=True)) == {"pdf", "xlsx", "csv", "json"}
    making = ask_report(engagement=engagement, by=theirs.officer, language="en")
    theirs.things.update(
        reported=engagement.public_id,
        version=delivery.snapshot.version,
        making=making.public_id,
        formats=["pdf", "xlsx", "csv", "json"],
    )
    assert Making.objects.filter(engagement=engagement).count() == 2


def _rewards(theirs: Theirs) -> None:
    """A reward that everybody sees, a draft of one, and what the author redeemed."""
    author = theirs.author
    give_points(author.person, 200)
    reward = make_reward(bureau=theirs.bureau)
    theirs.things.update(
        reward=reward.public_id,
        reward_draft=make_reward(bureau=theirs.bureau, offered=False).public_id,
        # A line of the table of synonyms is nobody's bureau's.
        synonyms=SynonymGroup.objects.earliest("pk").public_id,
        reward_batch=reward.batches.get().public_id,
        redeemed=redeem(reward, author).public_id,
        entry=entries_of(author)[0].public_id,
        # A search that the author keeps, which is nobody's bureau's either.
        saved_search=save_search(
            filters=Filters(text="stairs"), every="daily", account=author
        ).public_id,
        redeemed_prize=redeem(make_prize(bureau=theirs.bureau), author).public_id,
    )


def _shelf(theirs: Theirs) -> None:
    shelf = ensure_collection(theirs.bureau)
    image = make_image("Secret picture", collection=shelf)
    document = MediaDocument.objects.create(
        title="Secret file", file=ContentFile(b"secret", name="secret.txt"), collection=shelf
    )
    upload = UploadedFile.objects.create(
        for_content_type=None,
        file=ContentFile(b"secret", name="upload.txt"),
        uploaded_by_user=theirs.officer,
    )
    theirs.things.update(
        collection=shelf.pk,
        image=image.pk,
        document=document.pk,
        document_name=document.filename,
        upload=upload.pk,
    )


def _platform(theirs: Theirs) -> None:
    """What is no bureau's and yet an officer's least of all; and what is one person's."""
    notice = Notice.objects.filter(account=theirs.officer).order_by("pk").first()
    assert notice is not None
    invitation = invite(
        email="new@theirs.example",
        role=Role.OFFICER,
        bureau=theirs.bureau,
        by=theirs.administrator,
    )
    theirs.things.update(
        notice=notice.public_id,
        account=theirs.officer.public_id,
        invitation=invitation.public_id,
    )
