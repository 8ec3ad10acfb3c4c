"""The demonstration: what is there once it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Site

from accounts.actions import seed_bureaux
from accounts.models import Account, Bureau, Person
from accounts.policies import has_role
from consultations.demo.papers import PAPERS
from consultations.demo.people import ACCOUNTS
from consultations.demo.picture import draw
from consultations.models import ConsultationPage
from consultations.policies import can_decide
from core import audit, clock, jobs
from crowdtasks.findings.models import Finding, Triage
from crowdtasks.ledger.models import Entry, PointsAccount
from crowdtasks.ledger.proof import prove
from crowdtasks.panel.models import Session, Volunteer
from crowdtasks.products.figures import figures_of, usability_difference
from crowdtasks.products.models import Round
from crowdtasks.rewards.models import Redemption, Unit
from moderation.models import Item, ItemState
from notifications.models import Notice
from participation.models import Comment, Contribution, Engagement, Outcome, Vote
from participation.stages import Stage, stage
from questionnaires.flow import check_definition, minutes
from questionnaires.loading import load_definition
from questionnaires.models import Answer, Response
from tests.factories.core import make_tree
from tests.factories.demo import by_slug, counts, demo

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def before(
    rows_of_the_module: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """How many rows a platform has to which the demonstration then comes."""
    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        Site.clear_site_root_paths_cache()
        make_tree()
        seed_bureaux()
        jobs.drain(keep=False)
        yield counts()
    Site.clear_site_root_paths_cache()


@pytest.fixture(scope="module")
def loaded(before: dict[str, int]) -> str:
    """The demonstration, loaded once for these tests; what was printed."""
    return demo()


def test_it_has_every_stage_and_prints_the_accounts(loaded):
    now = clock.now()
    stages = {paper.slug: paper for paper in PAPERS}
    found = {
        slug: stage(by_slug(slug), now)
        for slug, paper in stages.items()
        if paper.stage == "published"
    }
    assert found == {
        "waste-charging": Stage.OPEN,
        "library-hours": Stage.OPEN,
        "cycle-parking": Stage.CLOSING_SOON,
        "harbourfront-shared-space": Stage.OUTCOME_OVERDUE,
        "inclusive-parks-for-pets": Stage.OUTCOME_PUBLISHED,
        "country-park-campsites": Stage.UPCOMING,
    }
    for name, (role, code) in ACCOUNTS.items():
        assert f"{name}@demo.example" in loaded
        account = Account.objects.get(email=f"{name}@demo.example")
        assert account.check_password("kaifong-demo-2026")
        if role:
            assert has_role(account, role, Bureau.objects.get(code=code) if code else None)
    assert "kaifong-demo-2026" in loaded
    assert "/en/consultations/epd/waste-charging/" in loaded
    hidden = Account.objects.filter(email__endswith="@staff.demo.example")
    assert hidden.count() == 4
    assert not any(account.has_usable_password() for account in hidden)
    assert audit.verify().ok


def test_papers_are_complete_in_three_languages(loaded):
    for paper in PAPERS:
        engagement = by_slug(paper.slug)
        pages = ConsultationPage.objects.filter(translation_key=engagement.translation_key)
        public = paper.stage == "published"
        assert {page.language for page in pages if page.live is public} == {
            "en",
            "zh-hant",
            "zh-hans",
        }
        if public:
            assert set(engagement.paths) == {"en", "zh-hant", "zh-hans"}
            assert engagement.title["zh-hant"] == paper.title.zh
            assert engagement.title["en"] == paper.title.en
            for row in engagement.paragraphs.all():
                assert set(row.text) == {"en", "zh-hant", "zh-hans"}
    waste = by_slug("waste-charging")
    assert waste.paragraphs.count() == 10
    assert "demonstration" in waste.summary["en"]
    assert "示範" in waste.summary["zh-hant"]
    assert "示范" in waste.summary["zh-hans"]


def test_people_have_taken_part(loaded):
    for paper in PAPERS:
        engagement = by_slug(paper.slug)
        mine = Contribution.objects.filter(engagement=engagement, kind="comment")
        for state in ("published", "held", "confidential"):
            wanted = sum(one.state == state for one in paper.said)
            official = sum(bool(one.reply) for one in paper.said) if state == "published" else 0
            assert mine.filter(state=state).count() == wanted + official, (paper.slug, state)
        for one in mine:
            assert engagement.opens_at <= one.received_at <= clock.now()
            assert one.comment.official or one.received_at < engagement.closes_at
        votes = Vote.objects.filter(ballot__engagement=engagement)
        assert votes.values("person").distinct().count() == paper.voters
        assert not votes.filter(cast_at__gt=clock.now()).exists()
    said = next(one for paper in PAPERS for one in paper.said if one.agree == 15)
    comment = Comment.objects.get(contribution__text=said.text)
    assert comment.supports.count() == 15
    held = Item.objects.filter(state=ItemState.WAITING, kind="comment")
    assert held.count() == sum(one.state == "held" for paper in PAPERS for one in paper.said)
    proposed = Item.objects.filter(state=ItemState.WAITING, kind="statement")
    assert proposed.count() == sum(len(paper.proposed) for paper in PAPERS)
    glass = by_slug("glass-bottles")
    approver = Account.objects.get(email="approver@demo.example")
    waiting = glass.submissions.get()
    assert waiting.state == "waiting"
    assert can_decide(approver, waiting)
    outcome = Outcome.objects.get(engagement=by_slug("inclusive-parks-for-pets"))
    assert set(outcome.text) == {"en", "zh-hant", "zh-hans"}
    assert outcome.approved_by != outcome.written_by
    items = list(outcome.items.all())
    assert len(items) == 4
    for item in items:
        assert item.citations.exists()
        for name in ("asked", "said", "decided", "why"):
            assert set(getattr(item, name)) == {"en", "zh-hant", "zh-hans"}
    late = by_slug("harbourfront-shared-space").public_notices.get(kind="late")
    assert set(late.text) == {"en", "zh-hant", "zh-hans"}


def test_people_were_told_and_nothing_waits_to_be_sent(loaded):
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert {"receipt", "decision", "outcome", "opened", "approval-wanted", "approved"} <= kinds
    assert not Notice.objects.exclude(
        account__email__endswith="demo.example", account__isnull=False
    ).exists()
    assert not Notice.objects.filter(mail_wanted=True, mailed_at=None).exists()
    assert jobs.drain() == 0


def test_a_second_run_adds_nothing(loaded):
    before = counts()
    said = demo()
    assert "there already" in said
    assert "citizen@demo.example" in said
    assert counts() == before


def test_the_picture_is_small():
    assert draw()[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(draw()) < 60_000


def test_the_library_survey_was_answered_in_three_languages(loaded):
    responses = Response.objects.counted().filter(
        questionnaire__engagement=by_slug("library-hours")
    )
    assert responses.count() == 41
    entries = Contribution.objects.filter(response__in=responses)
    assert set(entries.values_list("language", flat=True)) == {"en", "zh-hant", "zh-hans"}
    assert set(responses.values_list("route", flat=True)) == {"key", "whole"}
    assert responses.filter(capacity="organisation").count() == 2
    texts = Answer.objects.filter(response__in=responses, question__kind="long")
    assert set(texts.values_list("state", flat=True)) == {"none", "held", "published", "withheld"}
    definition = load_definition(responses[0].questionnaire)
    assert check_definition(definition) == []
    assert sum(question.is_key for question in definition.questions()) == 4
    assert minutes(definition, "key") <= 3
    for question in definition.questions():
        assert set(question.title) == {"en", "zh-hant", "zh-hans"}
    assert any(question.condition.tests for question in definition.questions())


def test_two_builds_were_tried_by_who_was_drawn_and_what_was_found_was_mended(loaded):
    first, second = (
        Round.objects.get(engagement=by_slug(f"library-seats-round-{number}")) for number in (1, 2)
    )
    assert Volunteer.objects.count() == 14
    for row in (first, second):
        call_command("verify_draw", row.plan.draw.public_id, stdout=StringIO())
    assert (figures_of(first).tried, figures_of(second).tried) == (12, 9)
    scores = [len(figures_of(row).scores) for row in (first, second)]
    assert scores == [12, 6]
    gained = usability_difference(figures_of(first), figures_of(second))
    assert gained is not None
    assert gained.clear
    assert second.plan.opened_why == "officer"
    found = Finding.objects.filter(product=first.build.product)
    assert set(found.values_list("state", flat=True)) == set(Triage.values)
    assert found.filter(lead__isnull=False).count() == 3
    assert set(found.values_list("contribution__language", flat=True)) == {
        "en",
        "zh-hant",
        "zh-hans",
    }
    mended = found.filter(state="mended", lead=None)
    assert {one.mended_in for one in mended} == {second.build}
    assert found.get(contribution__attachments__isnull=False).lead in mended
    assert found.get(observation__isnull=False).contribution.state == "confidential"
    citizen = Account.objects.get(email="citizen@demo.example")
    told = Notice.objects.filter(account=citizen, kind="finding-shipped")
    assert told.count() == 1
    session = Session.objects.get(draw=second.plan.draw)
    assert session.is_coming(clock.now())
    assert session.bookings.filter(invitation__person=citizen.person).exists()
    had = Redemption.objects.get()
    assert (had.person, had.state) == (citizen.person, "given")
    assert prove().ok


def test_removing_leaves_the_books_alone_and_may_be_repeated(before, loaded):
    assert audit.verify().ok
    assert prove().ok
    assert "19 engagements" in demo("--remove")
    assert audit.verify().ok
    assert "no demo" in demo("--remove")
    # The points ledger is never changed: its rows stay, with those they name, emptied. So does what
    # was given for points, out of the catalogue.
    kept = {name for name, number in counts().items() if number != before[name]}
    assert kept == {
        "ledger_entry",
        "ledger_leg",
        "ledger_pointsaccount",
        "participation_engagement",
        "accounts_person",
        "rewards_reward",
        "rewards_batch",
        "rewards_unit",
        "rewards_redemption",
    }
    had = Redemption.objects.get()
    assert (had.reward.state, had.reward.picture) == ("withdrawn", None)
    assert list(Unit.objects.all()) == [had.unit]
    named = Entry.objects.exclude(engagement=None).values("engagement")
    for left in Engagement.objects.all():
        assert left.pk in named.values_list("engagement", flat=True)
        assert (left.state, left.import_source, left.paths) == ("withdrawn", "", {})
    assert not Person.objects.filter(erased_at=None).exists()
    assert not Person.objects.exclude(import_source="").exists()
    assert prove().ok
    held = PointsAccount.objects.exclude(kind__in=["source", "budget", "redeemed", "forfeited"])
    assert not held.holding().exists()
