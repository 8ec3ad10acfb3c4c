"""How many have voted, told over the socket: the number and nothing of what was chosen."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.core.cache import cache

from participation import live
from tests.factories.core import make_tree
from tests.factories.participation import make_citizen
from tests.factories.votes import cast, key, make_voting, open_now
from tests.participation.test_live import socket

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_vote_moves_the_number_and_a_change_of_mind_moves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The window is what is tested, not its length.
    monkeypatch.setattr(live, "EVERY", 1)
    monkeypatch.setattr(live, "KEEP", 0)
    make_tree()
    _page, vote, ideas = make_voting("stars", results_from="close")
    open_now(vote)
    voter, contest = make_citizen(), vote.ballot.engagement.public_id
    first, second = key(ideas[0]), key(ideas[1])
    cache.clear()

    async def work() -> list[dict[str, Any]]:
        one = socket(contest)
        assert (await one.connect())[0]
        heard = [json.loads(await one.receive_from())]
        choose = database_sync_to_async(cast)
        await choose(vote, {first: 5}, by=voter)
        heard.append(json.loads(await one.receive_from(timeout=20)))
        await database_sync_to_async(cache.clear)()
        await choose(vote, {second: 1}, by=voter)
        assert await one.receive_nothing(timeout=3)
        await one.disconnect()
        return heard

    heard = asyncio.run(work())
    assert [one["voters"] for one in heard] == [0, 1]
    assert all(set(one) == {"comments", "voters", "at"} for one in heard)
    cache.clear()
