"""Own data is complete and holds nobody else; a closed account leaves no name behind (R3, V18)."""

import json

import pytest
from django.apps import apps
from django.db import models, transaction
from django.http import QueryDict

from accounts import export
from accounts.actions import close_account, open_account
from accounts.models import Account, Person
from consultations.models import Submission
from core import audit, clock
from crowdtasks.ledger.actions import earn
from ideas.actions.drafts import save_draft
from ideas.models import Idea, Juror
from moderation import actions as moderation
from moderation.models import Item
from notifications.models import Notice
from participation.actions.comments import set_support
from participation.actions.contributions import edit_contribution
from participation.actions.follows import follow_bureau, follow_engagement
from participation.actions.votes import cast_vote
from participation.models import (
    Attachment,
    Contribution,
    Follow,
    Outcome,
    Vote,
)
from questionnaires.actions.drafts import begin_draft
from questionnaires.actions.responses import submit_response
from search.actions.saving import save_search
from search.filters import read_filters
from search.models import SavedQuestion, SavedSearch
from tests.factories.crowdtasks import claim, make_campaign
from tests.factories.engagements import make_engagement
from tests.factories.findings import find
from tests.factories.ideas import make_contest, seat_coauthor, submit
from tests.factories.ledger import give, make_funded
from tests.factories.panel import invited_with
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_public_comment,
)
from tests.factories.products import begin, hand_in, make_rewarded, make_round
from tests.factories.questionnaires import answers_for, make_questionnaire, many
from tests.factories.rewards import give_points, make_reward, redeem
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db

#: Model and field -> section of the own data that shows it.
EXPORTED = {
    "accounts.Account.person": "account",
    "accounts.Account.email": "account",
    "accounts.Account.email_canonical": "account",
    "accounts.RoleGrant.account": "account",
    "accounts.Invitation.accepted_by": "account",
    "accounts.Invitation.email": "account",
    "accounts.Invitation.email_canonical": "account",
    "notifications.Notice.account": "notices",
    "notifications.Notice.address": "notices",
    "moderation.Item.author_id": "decisions",
    "moderation.Decision.item": "decisions",
    "moderation.Report.account": "reports",
    "moderation.Report.reporter_key": "reports",
    "participation.Contribution.person": "contributions",
    "participation.Contribution.author_name": "contributions",
    "participation.ContributionVersion.contribution": "contributions",
    "participation.Comment.contribution": "contributions",
    "participation.SideTaken.comment": "contributions",
    "participation.Attachment.person": "files",
    "participation.Attachment.contribution": "files",
    "participation.Support.person": "agreements",
    "participation.Receipt.person": "receipts",
    "participation.Receipt.contribution": "receipts",
    "participation.Vote.person": "votes",
    "participation.VoteEvent.person": "votes",
    "participation.Follow.account": "follows",
    "search.SavedSearch.account": "saved_searches",
    "participation.Follow.address": "follows",
    "participation.Follow.address_canonical": "follows",
    "ideas.Idea.contribution": "ideas",
    "ideas.CoAuthor.person": "coauthored",
    "ideas.CoAuthor.account": "coauthored",
    "ideas.CoAuthor.email": "coauthored",
    "ideas.CoAuthor.email_canonical": "coauthored",
    "ideas.IdeaDraft.person": "idea_drafts",
    "ideas.Juror.person": "jury",
    "ledger.PointsAccount.person": "points",
    "ledger.Entry.person": "points",
    "crowdtasks.Claim.person": "tasks",
    "crowdtasks.Claim.contribution": "tasks",
    "rewards.Redemption.person": "redemptions",
    "products.Attempt.contribution": "attempts",
    "products.Award.person": "awards",
    "products.Award.contribution": "awards",
    "panel.Volunteer.person": "volunteer",
    "panel.Invitation.person": "round_invitations",
    "findings.Finding.contribution": "findings",
    "questionnaires.Response.person": "responses",
    "questionnaires.Response.contribution": "responses",
    "questionnaires.Answer.response": "responses",
    "questionnaires.AboutYou.response": "responses",
    "questionnaires.Draft.person": "drafts",
    "questionnaires.Draft.response": "drafts",
}
OFFICIAL = "an act of office, which the audit trail and the paper's history hold for the platform"
CMS = "the CMS's own state of an officer's work on pages, no data about a citizen"
#: Model and field, or model with every field -> why it is not in the own data.
REASONS = {
    "accounts.Account_groups": "follows from the roles, which are exported",
    "accounts.Account_user_permissions": "follows from the roles, which are exported",
    "accounts.RoleGrant.granted_by": OFFICIAL,
    "accounts.Invitation.invited_by": OFFICIAL,
    "accounts.Person.merged_into": "rows of both persons are exported",
    "accounts.ApiToken.account": "a key, kept as a digest; its acts stand in the audit trail",
    "accounts.EmailCode": "a code that lives ten minutes, kept as a digest",
    "core.AuditEntry.actor": "an opaque id; the acts themselves are exported from their own rows",
    "core.PlatformSettings": "the platform's own addresses",
    "moderation.Decision.decided_by": OFFICIAL,
    "notifications.DevMail": "exists in embedded mode only; the same as the notices",
    "participation.Support.comment": "somebody agreed with the comment: another person's act",
    "participation.Comment.parent": "the answer is somebody else's text",
    "participation.ImportedEntry": "of imported authors, who have no account; the source holds it",
    "participation.VoteChoice.entry": "whose idea was chosen: the choices go out with their vote",
    "participation.PendingAct": "opened by a visit's session alone, named by nobody, a day long",
    "participation.Engagement.created_by": OFFICIAL,
    "participation.PublicNotice.by": OFFICIAL,
    "participation.Outcome": OFFICIAL,
    "participation.OutcomeItem": OFFICIAL,
    "participation.Citation": "which public text the bureau quoted; the text itself is exported",
    "consultations.Submission": OFFICIAL,
    "feedback.Acknowledgement": OFFICIAL,
    "feedback.Making": OFFICIAL,
    "feedback.Snapshot": OFFICIAL,
    "consultations.Statement.author": "its entry in the register is exported",
    "consultations.Statement.contribution": "its entry in the register is exported",
    "core.MediaImage.uploaded_by_user": CMS,
    "core.MediaDocument.uploaded_by_user": CMS,
    "core.HomePage": CMS,
    "consultations.ConsultationIndexPage": CMS,
    "consultations.BureauSectionPage": CMS,
    "consultations.ConsultationPage": CMS,
    "ideas.CoAuthor.author": "whose idea it is; the idea itself is exported",
    "ideas.IdeaCost.by": OFFICIAL,
    "ideas.Screening.by": OFFICIAL,
    "ideas.Juror": OFFICIAL,
    "ideas.OfficialReply": OFFICIAL,
    "ideas.ResultPlace": OFFICIAL,
    "ideas.Merge.by": OFFICIAL,
    "ideas.StatusChange.by": OFFICIAL,
    "ledger.Entry.by": OFFICIAL,
    "ledger.Entry.second": OFFICIAL,
    "ledger.Proposal": OFFICIAL,
    "ledger.Proposal.person": "what came of it is an entry, which is exported",
    "rewards.Reward.created_by": OFFICIAL,
    "rewards.Batch.by": OFFICIAL,
    "rewards.Redemption.handed_by": OFFICIAL,
    "ideas.ContestIndexPage": CMS,
    "ideas.ContestSectionPage": CMS,
    "ideas.ContestPage": CMS,
    "crowdtasks.Review.by": OFFICIAL,
    "crowdtasks.Review.decided_by": OFFICIAL,
    "products.AwardReview.by": OFFICIAL,
    "products.AwardReview.decided_by": OFFICIAL,
    "crowdtasks.TaskIndexPage": CMS,
    "crowdtasks.TaskSectionPage": CMS,
    "crowdtasks.CampaignPage": CMS,
    "findings.Finding.observer": OFFICIAL,
    "findings.Change.by": OFFICIAL,
    "products.ProductIndexPage": CMS,
    "products.ProductSectionPage": CMS,
    "products.ProductPage": CMS,
    "products.RoundPage": CMS,
    "panel.Observation.by": OFFICIAL,
}
THIRD_PARTY = ("wagtail", "wagtail_localize", "wagtailusers", "wagtaildocs", "wagtailimages")
PLAIN = {
    "email",
    "email_canonical",
    "address",
    "address_canonical",
    "author_name",
    "author_id",
    "reporter_key",
    "actor",
}


def about_people() -> set[str]:
    """Every field that leads to an account or person, directly or by what one wrote."""
    owned = {Account, Person, Contribution, Item}
    owned |= {apps.get_model("participation.Comment"), apps.get_model("questionnaires.Response")}
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label.startswith(THIRD_PARTY):
            continue
        for field in model._meta.get_fields(include_parents=False):
            if field.auto_created or not isinstance(field, models.Field):
                continue
            if field.related_model in owned or field.name in PLAIN:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def test_everything_that_leads_to_a_person_is_exported_or_has_a_reason():
    found = about_people()
    assert len(found) > 30
    strange = {
        name
        for name in found
        if name not in EXPORTED and name not in REASONS and name.rpartition(".")[0] not in REASONS
    }
    assert strange == set()
    assert set(EXPORTED) <= found, "a line of the table that no longer says anything"
    for name, reason in REASONS.items():
        assert reason
        apps.get_model(name if name.count(".") == 1 else name.rpartition(".")[0])
    sections = {"account", *export.titles()}
    assert set(EXPORTED.values()) == sections


def seed() -> tuple[Account, Account]:
    """A citizen with something in every section, and a neighbour whose words must not leak."""
    citizen = make_citizen("Kwok Mei Mei")
    other = make_citizen("Neighbour Strange")
    engagement = make_engagement()
    theirs = make_public_comment(engagement, "A strange text of the neighbour.", account=other)
    own = make_public_comment(engagement, "Own text, cleared.", account=citizen)
    held = make_comment(engagement, "Own text, waiting.", account=citizen)
    refused = make_comment(engagement, "Own text, refused.", account=citizen)
    decide(refused.contribution, "withhold", rule="r1", sentence="Please keep to the matter.")
    Attachment.objects.create(
        engagement=engagement,
        contribution=own.contribution,
        person=citizen.person,
        version=1,
        position=1,
        state="clean",
        name="stairs.jpg",
        media_type="image/jpeg",
        size=9,
        sha256="0" * 64,
        created_at=clock.now(),
    )
    set_support(comment=theirs, person=citizen.person, account=citizen, on=True)
    set_support(comment=own, person=other.person, account=other, on=True)
    statement = make_statement(engagement)
    for choice in (-1, 0, 1):
        cast_vote(ballot=statement.ballot, person=citizen.person, choice=choice)
    for entry, text in ((own, "Own text, changed."), (held, "Own text, waiting still.")):
        edit_contribution(
            contribution=entry.contribution,
            person=citizen.person,
            account=citizen,
            text=text,
            version=1,
        )
    give_points(citizen.person, 100)
    redeem(make_reward(), citizen)
    survey = make_questionnaire(engagement, many(2))
    submit_response(
        questionnaire=survey,
        answers=answers_for(many(2), "I walk there."),
        person=citizen.person,
        account=citizen,
    )
    begin_draft(questionnaire=survey, person=citizen.person, language="en")
    contest = make_contest(title="Paper")[1]
    submit(contest, "An own idea", account=citizen)
    submit(contest, "A strange idea", account=other)
    Juror.objects.create(contest=contest.contest, person=citizen.person, appointed_at=clock.now())
    together = submit(contest, "Written by two", account=make_citizen("Kit")).contribution
    seat_coauthor(Idea.objects.get(pk=together.pk), citizen)
    save_draft(
        engagement=contest, person=citizen.person, title="Half an idea", text="", language="en"
    )
    earned = make_funded(100)
    give(citizen, 30, earned)
    earn(engagement=earned, person=citizen.person, points=5, key="held", review=True)
    claim(make_campaign(places=2)[1], citizen)
    tried = make_round(title="Paper")[1]
    begin(tried, citizen.person)
    find(tried, citizen)
    find(tried, other, happened="A strange fault.")
    hand_in(make_rewarded(title="Paper")[1], citizen)
    invited_with(citizen)
    follow_engagement(engagement=engagement, account=citizen)
    for account, asked in ((citizen, "own+wish"), (other, "strange+wish")):
        save_search(
            filters=read_filters(QueryDict(f"q={asked}&kind=idea")), every="daily", account=account
        )
    follow_bureau(bureau=engagement.owner, email=citizen.email.upper())
    moderation.report(
        kind="comment",
        target_id=theirs.contribution.public_id,
        rule="r1",
        note="I find this rude.",
        account=citizen,
        reporter_key=f"person:{citizen.person.public_id}",
    )
    assert held.contribution.state == "held"
    return citizen, other


def test_own_data_holds_every_section_and_nobody_else():
    citizen, other = seed()
    data = json.loads(json.dumps(export.export_of(citizen)))
    for name in export.titles():
        assert data[name], name
    written = json.dumps(data, ensure_ascii=False)
    assert [row["search_words"] for row in data["saved_searches"]] == ["own wish"]
    for own in ("cleared", "waiting", "refused", "I find this rude.", "keep to the matter"):
        assert own in written
    assert [row["choice"] for row in data["votes"]] == [1]
    assert [row["choice"] for row in data["votes"][0]["choices"]] == [-1, 0, 1]
    assert {row["title"] for row in data["contributions"]} == {data["votes"][0]["title"]}
    assert {row["with"] for row in data["follows"]} == {"account", "address"}
    by_text = {
        version["text"]: (row["state"], version["standing"])
        for row in data["contributions"]
        if row["kind"] == "comment"
        for version in row["versions"]
    }
    assert by_text == {
        "Own text, cleared.": ("published", "current"),
        "Own text, changed.": ("published", "waiting"),
        "Own text, waiting.": ("held", "earlier"),
        "Own text, waiting still.": ("held", "current"),
        "Own text, refused.": ("withheld", "current"),
    }
    for strange in ("strange", other.public_id, other.email, other.person.public_id):
        assert strange.lower() not in written.lower()


@pytest.mark.db
def test_closing_takes_the_name_away_and_leaves_what_counts(
    client, django_capture_on_commit_callbacks
):
    citizen, _other = seed()
    person, email, pk = citizen.person, citizen.email, citizen.pk
    engagement = Contribution.objects.filter(person=person).first().engagement
    page = f"/en/e/{engagement.public_id}/comments/?on=whole"
    assert "Kwok Mei Mei" in client.get(page).content.decode()
    before = list(
        Contribution.objects.filter(person=person).order_by("pk").values_list("state", "text")
    )
    with django_capture_on_commit_callbacks(execute=True):
        close_account(account=citizen)
    rows = Contribution.objects.filter(person=person).order_by("pk")
    assert list(rows.values_list("state", "text")) == before
    assert set(rows.values_list("author_name", flat=True)) == {""}
    shown = client.get(page).content.decode()
    assert "Kwok Mei Mei" not in shown
    assert "Own text, cleared." in shown
    assert not Follow.objects.filter(account=pk).exists()
    assert not Notice.objects.filter(account=pk).exists()
    assert not SavedSearch.objects.filter(account=pk).exists()
    assert [row.text for row in SavedQuestion.objects.all()] == ["strange wish"]
    assert not Item.objects.filter(kind="name", author_id=person.public_id, state="waiting")
    assert Vote.objects.filter(person=person).count() == 1
    assert audit.verify().ok
    # V18: who comes back is the same person, so there is no second vote.
    back = open_account(email=email)
    assert back.person_id == person.pk
    assert back.display_name == ""


def test_what_waited_can_still_be_decided_after_closing():
    citizen, _other = seed()
    held = Contribution.objects.get(text="Own text, waiting still.")
    close_account(account=citizen)
    decide(held)
    assert (held.state, held.author_name) == ("published", "")
    assert audit.verify().ok


@pytest.mark.db
def test_acts_of_office_stay_proved_without_the_account():
    writer, second = make_citizen(), make_citizen()
    engagement = make_engagement()
    with transaction.atomic():
        outcome = Outcome.objects.create(
            engagement=engagement, written_by=writer, approved_by=second, updated_at=clock.now()
        )
        sent = Submission.objects.create(
            engagement=engagement, submitted_by=second, submitted_at=clock.now()
        )
        audit.record("outcome.approve", actor=second, rows=[outcome, sent])
    close_account(account=second)
    outcome.refresh_from_db()
    assert outcome.approved_by is None
    assert audit.verify().ok
