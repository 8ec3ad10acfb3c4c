"""The live numbers: what a socket says, what it refuses, how often pages are told."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.core.cache import cache
from django.db import transaction

from config.routing import websocket_application
from core import clock
from participation import consumers, live, socket_seats
from participation.models import Engagement, Receipt
from tests.factories.engagements import make_account, make_draft, make_engagement
from tests.factories.participation import make_citizen, make_public_comment, make_receipt

SOURCE = "address:192.0.2.7"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nobody_connected() -> Iterator[None]:
    cache.clear()
    yield
    assert not socket_seats.taken(SOURCE), "A socket that has gone is still counted."


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(moderation_policy="after")


def socket(public_id: str, address: str = "192.0.2.7") -> WebsocketCommunicator:
    communicator = WebsocketCommunicator(websocket_application(), f"/ws/e/{public_id}/")
    communicator.scope["client"] = (address, 5000)
    return communicator


def run(work: Any) -> Any:
    return asyncio.run(work)


def test_first_message_has_the_counts_and_nothing_personal(engagement: Engagement) -> None:
    make_public_comment(engagement, account=make_citizen("Very Personal Name"))
    make_receipt(engagement, publish_choice="confidential")

    async def work() -> str:
        one = socket(engagement.public_id)
        assert (await one.connect())[0]
        said = await one.receive_from()
        await one.disconnect()
        return said

    said = run(work())
    assert set(json.loads(said)) == {"comments", "voters", "at"}
    assert json.loads(said)["comments"] == 1
    assert "Personal" not in said


def test_a_published_comment_is_said_once(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The window is what is tested, not its length.
    monkeypatch.setattr(live, "EVERY", 1)
    monkeypatch.setattr(live, "KEEP", 0)

    async def work() -> list[int]:
        one = socket(engagement.public_id)
        await one.connect()
        heard = [json.loads(await one.receive_from())["comments"]]
        # Publishing the engagement opened a window of its own.
        await database_sync_to_async(cache.clear)()
        await database_sync_to_async(three_at_once)(engagement)
        heard.append(json.loads(await one.receive_from(timeout=20))["comments"])
        await one.disconnect()
        return heard

    def three_at_once(engagement: Engagement) -> None:
        # One commit, so that all three fall into one window however busy the machine is.
        with transaction.atomic():
            for _number in range(3):
                make_public_comment(engagement)

    assert run(work()) == [0, 3]


def test_a_change_hidden_by_an_earlier_window_is_said_too(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEEP", 0)

    async def work() -> list[int]:
        one = socket(engagement.public_id)
        await one.connect()
        heard = [json.loads(await one.receive_from())["comments"]]
        # Somebody announced before this socket came, so the next change is not announced.
        await database_sync_to_async(cache.set)(f"live:window:{engagement.public_id}", 1, 60)
        await database_sync_to_async(make_public_comment)(engagement)
        heard.append(json.loads(await one.receive_from(timeout=20))["comments"])
        await one.disconnect()
        return heard

    assert run(work()) == [0, 1]


def test_pages_are_told_once_in_a_window(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(live.live, "announce", lambda topic, payload: told.append(topic))
    cache.clear()
    for _number in range(5):
        live.changed(engagement)
    assert told == [f"e.{engagement.public_id}"]


def test_a_first_vote_is_told_and_the_next_ones_are_not(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    from participation.actions.votes import cast_vote
    from tests.factories.statements import make_statement

    told: list[str] = []
    ballots = [make_statement(engagement).ballot for _number in range(2)]
    monkeypatch.setattr(live.live, "announce", lambda topic, payload: told.append(topic))
    person = make_citizen().person
    for ballot in ballots:
        cache.clear()
        cast_vote(ballot=ballot, person=person, choice=1)
    assert told == [f"e.{engagement.public_id}"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"text_data": "{"}, 1003),
        ({"text_data": "[]"}, 1003),
        ({"text_data": '"x"'}, 1003),
        ({"text_data": '{"type": "subscribe", "to": "moderation"}'}, 1003),
        ({"text_data": "[" * 5000}, 1003),
        ({"bytes_data": b"\x00\xff"}, 1003),
        ({"text_data": "x" * (64 * 1024 + 1)}, 1009),
        ({"text_data": "字" * 30_000}, 1009),
    ],
)
def test_what_cannot_be_read_closes_the_socket(
    engagement: Engagement, sent: dict[str, Any], code: int
) -> None:
    async def work() -> Any:
        one = socket(engagement.public_id)
        await one.connect()
        await one.receive_from()
        await one.send_to(**sent)
        closed = await one.receive_output(timeout=5)
        await one.disconnect()
        return closed

    assert run(work()) == {"type": "websocket.close", "code": code}


def test_pings_are_ignored_and_a_flood_closes(engagement: Engagement) -> None:
    async def work() -> Any:
        one = socket(engagement.public_id)
        await one.connect()
        await one.receive_from()
        await one.send_to(text_data='{"type": "ping"}')
        assert await one.receive_nothing()
        for _number in range(consumers.MESSAGES):
            await one.send_to(text_data='{"type": "ping"}')
        closed = await one.receive_output(timeout=5)
        await one.disconnect()
        return closed

    assert run(work())["code"] == 1008


def test_five_sockets_from_one_address(engagement: Engagement) -> None:
    async def work() -> list[bool]:
        sockets = [socket(engagement.public_id) for _number in range(6)]
        let_in = [(await one.connect())[0] for one in sockets]
        other = socket(engagement.public_id, "192.0.2.8")
        let_in.append((await other.connect())[0])
        await sockets[0].disconnect()
        again = socket(engagement.public_id)
        let_in.append((await again.connect())[0])
        for one in [*sockets[1:5], other, again]:
            await one.disconnect()
        return let_in

    assert run(work()) == [True] * 5 + [False, True, True]


def test_drafts_and_unknown_ids_are_refused() -> None:
    draft = make_draft()

    async def work(public_id: str) -> bool:
        one = socket(public_id)
        connected = (await one.connect())[0]
        return bool(connected)

    assert run(work(draft.public_id)) is False
    assert run(work("nothing")) is False
    assert run(work("x" * 300)) is False


def test_counts_take_three_queries_and_are_kept(
    engagement: Engagement, django_assert_num_queries: Any
) -> None:
    cache.clear()
    with django_assert_num_queries(4):
        # Three counts and the time.
        first = live.kept_counts(engagement)
    with django_assert_num_queries(0):
        assert live.kept_counts(engagement) == first


def test_counts_of_a_large_engagement_are_kept_longer() -> None:
    assert live.kept_for({"comments": 1, "voters": live.LARGE - 1}) == live.KEEP
    assert live.kept_for({"comments": 1, "voters": live.LARGE}) == live.KEEP_LARGE


def test_two_voters_who_are_one_person_are_counted_once(engagement: Engagement) -> None:
    first, second = (make_account().person for _each in range(2))
    for person in (first, second):
        Receipt.objects.create(engagement=engagement, person=person, created_at=clock.now())
    assert live.counts(engagement)["voters"] == 2
    second.merged_into = first
    second.save()
    assert live.counts(engagement)["voters"] == 1


def test_imported_participants_are_counted_by_their_votes(engagement: Engagement) -> None:
    from tests.factories.statements import make_statement, make_votes

    make_votes(make_statement(engagement), {1: 3, -1: 2})
    assert live.counts(engagement)["voters"] == 0
    engagement.import_source = "polis:test"
    assert live.counts(engagement)["voters"] == 5
