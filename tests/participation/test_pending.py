"""Written first, signed in last."""

import contextlib
import datetime as dt

import pytest

from core import clock
from core.exceptions import Absent, Closed, TooMany
from participation.actions.pending import complete_act, held_act, hold_act, sweep_acts
from participation.models import Contribution, Engagement, PendingAct
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_public_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(moderation_policy="after")


def hold(engagement: Engagement, text: str = "Typed first.", **how: str) -> PendingAct:
    return hold_act(
        engagement=engagement,
        kind="comment",
        payload={"text": text, "publish_choice": "name", "on": "whole", "to": how.pop("to", "")},
        language="en",
        source="address:192.0.2.1",
        **how,
    )


def test_completing_enters_the_text_and_forgets_it_here(engagement: Engagement) -> None:
    act, citizen = hold(engagement), make_citizen()
    receipt = complete_act(token=act.token, person=citizen.person, account=citizen)
    assert receipt.contribution is not None
    assert receipt.contribution.text == "Typed first."
    act.refresh_from_db()
    assert (act.contribution, act.payload) == (receipt.contribution, {})


def test_completing_twice_gives_one_receipt(engagement: Engagement) -> None:
    act, citizen = hold(engagement), make_citizen()
    receipts = {
        complete_act(token=act.token, person=citizen.person, account=citizen).code
        for _again in range(3)
    }
    assert len(receipts) == 1
    assert Contribution.objects.count() == 1


def test_reply_keeps_its_parent(engagement: Engagement) -> None:
    parent, citizen = make_public_comment(engagement), make_citizen()
    act = hold(engagement, to=parent.contribution.public_id)
    receipt = complete_act(token=act.token, person=citizen.person, account=citizen)
    assert receipt.contribution is not None
    assert receipt.contribution.comment.parent == parent


def test_typing_again_replaces_what_was_held(engagement: Engagement) -> None:
    first = hold(engagement)
    second = hold(engagement, "Typed again.", token=first.token)
    assert second.pk == first.pk
    assert held_act(first.token).payload["text"] == "Typed again."
    # A token of another engagement opens nothing here.
    other = make_engagement(title="Other")
    assert hold(other, token=first.token).pk != first.pk


def test_refused_completion_keeps_the_text(engagement: Engagement) -> None:
    act, citizen = hold(engagement), make_citizen()
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at):
        PendingAct.objects.update(expires_at=clock.now() + dt.timedelta(hours=1))
        with pytest.raises(Closed):
            complete_act(token=act.token, person=citizen.person, account=citizen)
        assert held_act(act.token).payload["text"] == "Typed first."


def test_unknown_and_expired_tokens_open_nothing(engagement: Engagement) -> None:
    act, citizen = hold(engagement), make_citizen()
    for token in ("", "nope", act.token.lower()):
        with pytest.raises(Absent):
            held_act(token)
    with clock.travel(dt.timedelta(hours=25)):
        with pytest.raises(Absent):
            complete_act(token=act.token, person=citizen.person, account=citizen)
        assert sweep_acts() == 1
        assert sweep_acts() == 0
    assert not PendingAct.objects.exists()


def test_sweeping_leaves_the_register_alone(engagement: Engagement) -> None:
    act, citizen = hold(engagement), make_citizen()
    complete_act(token=act.token, person=citizen.person, account=citizen)
    with clock.travel(dt.timedelta(hours=25)):
        assert sweep_acts() == 1
    assert Contribution.objects.count() == 1


def test_holding_is_limited(engagement: Engagement) -> None:
    with clock.freeze(clock.now()):
        for _index in range(30):
            with contextlib.suppress(TooMany):
                hold(engagement)
        with pytest.raises(TooMany):
            hold(engagement)
    assert PendingAct.objects.count() <= 30
    with pytest.raises(ValueError, match="Unknown kind"):
        hold_act(engagement=engagement, kind="nope", payload={}, language="en", source="x")
