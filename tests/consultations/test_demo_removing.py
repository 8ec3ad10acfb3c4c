"""The demonstration: taken away, loaded again, refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import override_settings

from accounts.actions import seed_bureaux
from accounts.models import Account, Bureau, Person, RoleGrant
from consultations.demo import loading
from consultations.demo.others import CAMPING, GLASS, HARBOUR
from core import audit, clock, jobs
from participation import demo as demo_parts
from participation.actions.comments import set_support, submit_comment
from participation.models import Comment, Contribution, Engagement, VoteEvent
from participation.stages import Stage, stage
from tests.factories.accounts import make_account
from tests.factories.demo import by_slug, counts, demo
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(tree: object, tmp_path: Path) -> Iterator[None]:
    """Bureaux and the page tree, files in a folder of the test, nothing waiting."""
    seed_bureaux()
    jobs.drain(keep=False)
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield


@pytest.fixture
def few_papers(ground: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three papers are enough to see what becomes of them, without what other rooms add."""
    monkeypatch.setattr(loading, "PAPERS", [HARBOUR, CAMPING, GLASS])
    monkeypatch.setattr(demo_parts, "parts", list)


def test_a_loading_that_was_cut_off_is_loaded_anew(few_papers):
    demo()
    before = counts()
    Account.objects.get(email="juror@demo.example").delete()
    assert "The demo is loaded" in demo()
    assert counts()["participation_engagement"] == before["participation_engagement"]
    assert loading.is_loaded()


def test_renewing_moves_the_dates_to_today(few_papers):
    demo()
    with clock.travel(dt.timedelta(days=60)):
        assert stage(by_slug("country-park-campsites"), clock.now()) is Stage.CLOSING_SOON
        assert "there already" in demo()
        demo("--renew")
        assert stage(by_slug("country-park-campsites"), clock.now()) is Stage.UPCOMING
        assert audit.verify().ok


def test_real_content_stays(few_papers):
    real = make_engagement(bureau=Bureau.objects.get(code="EPD"))
    citizen = make_account(name="Real reader")
    demo()
    tried = Account.objects.get(email="citizen@demo.example")
    thread = real.threads.get(key="whole")
    receipt = submit_comment(
        engagement=real,
        thread=thread,
        person=tried.person,
        account=tried,
        text="Tried from a demonstration account.",
        language="en",
        publish_choice="name",
    )
    shown = Comment.objects.filter(
        contribution__engagement=by_slug("harbourfront-shared-space"),
        contribution__state="published",
    ).first()
    with clock.freeze(shown.contribution.received_at + dt.timedelta(days=1)):
        set_support(comment=shown, person=citizen.person, account=citizen, on=True)
    demo("--remove")
    assert audit.verify().ok
    assert Engagement.objects.get() == real
    kept = Contribution.objects.get()
    assert kept == receipt.contribution
    assert kept.person.erased_at is not None
    assert not kept.person.accounts.exists()
    assert set(Account.objects.all()) == {citizen}
    assert not Person.objects.filter(import_source="demo").exists()
    assert not VoteEvent.objects.exists()
    assert not RoleGrant.objects.exists()
    # Who comes back to the same address is the same person.
    demo()
    assert Account.objects.get(email="citizen@demo.example").person == kept.person


@override_settings(KAIFONG={"EMBEDDED": False})
def test_it_is_refused_where_its_password_is_not_set(ground):
    with pytest.raises(CommandError, match="embedded mode only"):
        demo()
    assert not Account.objects.exists()


def test_it_says_what_is_missing(tree):
    with pytest.raises(CommandError, match="setup --defaults"):
        demo()
