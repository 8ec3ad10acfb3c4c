"""Sealed means sealed: nothing anybody is given depends on how people voted (V15, PR4).

A known split is planted; then a voter's choice moves from one idea to another, and everything that
can be asked for is compared byte by byte, headers and sizes included. Then one more person votes:
nothing differs but the published turnout.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

from core import clock
from feedback.collecting import Progress, collect
from ideas.exports import WHATS
from ideas.models import IdeaTotal, VoteResult
from ideas.tasks import count_votes, tally_what_closed
from notifications.models import Notice
from participation.consumers import _counts as frame
from participation.live import counts
from tests.factories.desk import make_officer
from tests.factories.participation import make_citizen
from tests.factories.votes import after_the_vote, cast, in_the_vote, key, make_voting
from tests.permissions.test_table import our_routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
#: Differs from one answer to the next without saying anything: tokens and keys of forms.
_TOKEN = re.compile(rb'<input[^>]*type="hidden"[^>]*>|"CSRF_TOKEN": ?"\w+"')
_NONCE = re.compile(rb"nonce-[\w+/=-]+|nonce=\"[^\"]+\"")
#: How many have voted, in each of the places and languages where it is published.
_TURNOUT = re.compile(
    "|".join(
        (
            r'(?<=data-live-value="voters" class="hk-number">)\d+',
            r'(?<="voters":) ?\d+',
            r"(?<=People who voted</dt><dd>)\d+",
            r"\d+ (?:person|people) voted",
            r"共有\d+人投票",
        )
    ).encode()
)
_HEADERS = ("ETag", "Content-Length", "Last-Modified", "Location", "Cache-Control")
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
QUERIES = (
    "",
    "?seed=5",
    "?q=idea",
    "?status=received&sort=discussed",
    *(f"?sort={sort}" for sort in ("newest", "discussed", "supported")),
)
#: Where a vote is nearest; the longest walk goes through every room.
NEAR = ("ideas:", "participation:", "api:", "feedback:")
#: Addresses of the API's schema: long, and the same for every contest.
_APART = ("openapi-json", "api-root")


def _known(vote: Any, ideas: Any) -> Iterator[dict[str, Any]]:
    """What arguments of addresses are filled with."""
    contest = vote.ballot.engagement
    for public_id in (contest.public_id, key(ideas[0]), key(ideas[1])):
        yield {
            "public_id": public_id,
            "number": 1,
            "place": 1,
            "kind": "idea",
            "language": "en",
            "bureau": contest.owner.slug,
            "slug": contest.paths["en"].rstrip("/").rpartition("/")[2],
        }
    for what in WHATS:
        for form in ("csv", "xlsx", "json"):
            yield {"public_id": contest.public_id, "what": what, "form": form}


def _addresses(vote: Any, ideas: Any, rooms: tuple[str, ...]) -> list[str]:
    """Every address of the URL table that can be made with the contest's or an idea's id."""
    contest = vote.ballot.engagement
    found = {*contest.paths.values(), "/en/contests/", "/en/", "/sitemap.xml"}
    for route, name in our_routes():
        if not name or not name.startswith(rooms) or name.endswith(_APART):
            continue
        wanted = set(_ARGUMENT.findall(route))
        for known in _known(vote, ideas):
            if not wanted <= set(known):
                continue
            try:
                found.add(reverse(name, kwargs={one: known[one] for one in wanted}))
            except NoReverseMatch:
                continue
    return sorted(found)


def _everything(addresses: list[str], clients: dict[str, Client]) -> dict[tuple[str, str], bytes]:
    """What each reader is given at each address."""
    found = {}
    for who, client in clients.items():
        for address in addresses:
            for query in (
                QUERIES if address.endswith(("/ideas/", "/ideas", "/ideas/feed/")) else ("",)
            ):
                cache.clear()
                answer = client.get(address + query)
                body = b"".join(answer) if answer.streaming else answer.content
                if answer.status_code == 302 and "seed=" in answer["Location"]:
                    found[who, address + query] = b"a seed of the visit's own"
                    continue
                heads = "|".join(f"{name}={answer.headers.get(name, '')}" for name in _HEADERS)
                body = _NONCE.sub(b"", _TOKEN.sub(b"", body))
                found[who, address + query] = b"%d %s\n%s" % (
                    answer.status_code,
                    heads.encode(),
                    body,
                )
    return found


def _beside(contest: Any) -> dict[tuple[str, str], bytes]:
    """What is no address: frames of the socket, mails, notices, a report as it would be frozen."""
    document = collect(contest, now=clock.now(), tell=Progress(lambda _percent: None)).document
    return {
        ("socket", ""): json.dumps(frame(contest.public_id)).encode(),
        ("mails", ""): str(len(mail.outbox)).encode(),
        ("notices", ""): str(Notice.objects.count()).encode(),
        ("report", ""): json.dumps(document["sections"], ensure_ascii=False).encode(),
    }


def _differ(before, after, mask=None) -> list[tuple[str, str]]:
    def plain(body: bytes) -> bytes:
        return mask.sub(b"", body) if mask else body

    assert before.keys() == after.keys()
    return [one for one in before if plain(before[one]) != plain(after[one])]


def _readers(contest) -> dict[str, Client]:
    """Somebody, and who of all would know most: an officer of the owner."""
    clients = {"anybody": Client(), "officer": Client()}
    clients["officer"].force_login(
        make_officer(contest.owner), backend="accounts.backends.AccountBackend"
    )
    return clients


@pytest.mark.parametrize(
    ("rules", "rooms"),
    [
        ({"results_from": "close"}, NEAR),
        ({"results_from": "outcome"}, ("",)),
        ({"vote_after_own": True}, NEAR),
    ],
    ids=["until the close", "until the outcome, in every room", "until one has voted"],
)
def test_nothing_depends_on_a_choice_while_totals_are_sealed(rules, rooms):
    _page, vote, ideas = make_voting("stars", **rules)
    contest = vote.ballot.engagement
    mover = make_citizen()
    with in_the_vote(), clock.freeze(clock.now()):
        for stars in (5, 5, 4):
            cast(vote, {key(ideas[0]): stars})
        receipt = cast(vote, {key(ideas[0]): 5}, by=mover)
        other = cast(vote, {key(ideas[0]): 3})
        count_votes()
        addresses = _addresses(vote, ideas, rooms)
        assert len(addresses) > 60
        clients = _readers(contest)

        def everything() -> dict[tuple[str, str], bytes]:
            # A receipt is the voter's own, and whoever holds its code sees it stand.
            others = reverse("participation:receipt", args=[other.code])
            found = _everything([*addresses, others], clients)
            cache.clear()
            return found | _beside(contest)

        own = Client().get(reverse("participation:receipt", args=[receipt.code])).content
        before = everything()
        turnout = counts(contest)
        cast(vote, {key(ideas[1]): 1, key(ideas[2]): 2}, by=mover)
        count_votes()
        after = everything()
        assert _differ(before, after) == []
        assert counts(contest) == turnout
        moved = Client().get(reverse("participation:receipt", args=[receipt.code])).content
        assert _NONCE.sub(b"", moved) != _NONCE.sub(b"", own)
        cast(vote, {key(ideas[2]): 3})
        count_votes()
        more = everything()
        assert _differ(after, more, _TURNOUT) == []
        assert counts(contest)["voters"] == turnout["voters"] + 1
        if not rules.get("vote_after_own"):
            assert not IdeaTotal.objects.exists()


def test_the_walk_sees_totals_that_are_told():
    """A control: where totals are live, the same walk finds them in pages, API and report."""
    _page, vote, ideas = make_voting("stars", results_from="live")
    contest = vote.ballot.engagement
    mover = make_citizen()
    with in_the_vote(), clock.freeze(clock.now()):
        cast(vote, {key(ideas[0]): 5}, by=mover)
        count_votes()
        addresses = [one for one in _addresses(vote, ideas, NEAR) if contest.public_id in one]
        clients = {"anybody": Client()}
        before = _everything(addresses, clients) | _beside(contest)
        cast(vote, {key(ideas[1]): 1}, by=mover)
        count_votes()
        found = _differ(before, _everything(addresses, clients) | _beside(contest))
        base = f"/en/e/{contest.public_id}"
        api = f"/api/v1/contests/{contest.public_id}"
        assert {
            ("anybody", f"{base}/votes/"),
            ("anybody", f"{base}/ideas/?sort=supported"),
            ("anybody", f"{api}/standings"),
            ("anybody", f"{api}/ideas?sort=supported"),
            ("report", ""),
        } <= set(found)


def test_totals_until_the_outcome_stay_sealed_after_the_count(client):
    _page, vote, ideas = make_voting("stars", results_from="outcome")
    contest = vote.ballot.engagement
    with in_the_vote():
        cast(vote, {key(ideas[0]): 5})
    with after_the_vote():
        tally_what_closed()
        assert VoteResult.objects.exists()
        base = f"/en/e/{contest.public_id}"
        assert "sealed" in client.get(f"{base}/votes/").content.decode()
        assert client.get(f"{base}/votes/tally.txt").status_code == 404
        assert "seed=" in client.get(f"{base}/ideas/?sort=supported")["Location"]
        assert "1 vote<" not in client.get(f"/en/ideas/{key(ideas[0])}/").content.decode()


def test_who_has_voted_sees_what_others_do_not_yet(client):
    _page, vote, ideas = make_voting("approval", vote_after_own=True)
    address = f"/en/e/{vote.ballot.engagement.public_id}/votes/"
    voter = make_citizen()
    with in_the_vote():
        cast(vote, ideas[:2], by=voter)
        cast(vote, ideas[:1])
        count_votes()
        assert "once you have voted" in client.get(address).content.decode()
        own = Client()
        own.force_login(voter, backend="accounts.backends.AccountBackend")
        assert "Ideas in order" in own.get(address).content.decode()
        stranger = Client()
        stranger.force_login(make_citizen(), backend="accounts.backends.AccountBackend")
        assert "Ideas in order" not in stranger.get(address).content.decode()
