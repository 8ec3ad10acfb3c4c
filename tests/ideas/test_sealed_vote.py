"""Sealed means sealed: nothing anybody is given depends on how people voted (V15, PR4).

A known split is planted; then a voter's choice moves from one idea to another, and everything that
can be asked for is compared byte by byte, headers and sizes included. Then one more person votes:
nothing differs but the published turnout.
"""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from core import clock
from ideas.models import IdeaTotal, VoteResult
from ideas.tasks import count_votes, tally_what_closed
from participation.live import counts
from tests.factories.desk import make_officer
from tests.factories.participation import make_citizen
from tests.factories.votes import after_the_vote, cast, in_the_vote, key, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
#: Differs from one answer to the next without saying anything: tokens and keys of forms.
_TOKEN = re.compile(rb'<input[^>]*type="hidden"[^>]*>')
_NONCE = re.compile(rb"nonce-[\w+/=-]+|nonce=\"[^\"]+\"")
_TURNOUT = re.compile(rb'(data-live-value="voters" class="hk-number">|"voters": ?)\d+')
_HEADERS = ("ETag", "Content-Length", "Last-Modified", "Location", "Cache-Control")
QUERIES = ("", "?seed=5", *(f"?sort={sort}" for sort in ("newest", "discussed", "supported")))
ROOMS = ("ideas", "participation", "api", "search", "feedback")


def _named(patterns, spaces=()):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            space = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _named(entry.url_patterns, space)
        elif isinstance(entry, URLPattern) and entry.name and spaces and spaces[0] in ROOMS:
            yield ":".join([*spaces, entry.name]), set(entry.pattern.converters)


def _addresses(vote, ideas) -> list[str]:
    """Every address of the rooms that can be made with the contest's or an idea's id."""
    contest = vote.ballot.engagement
    found = {contest.paths["en"], contest.paths["zh-hant"], "/en/contests/", "/en/", "/sitemap.xml"}
    for name, wanted in _named(get_resolver().url_patterns):
        for public_id in (contest.public_id, key(ideas[0]), key(ideas[1])):
            known = {"public_id": public_id, "number": 1, "place": 1, "kind": "idea"}
            if not wanted <= set(known):
                continue
            try:
                found.add(reverse(name, kwargs={one: known[one] for one in wanted}))
            except NoReverseMatch:
                continue
    return sorted(found)


def _everything(addresses, clients) -> dict[tuple[str, str], bytes]:
    """What each reader is given at each address."""
    found = {}
    for who, client in clients.items():
        for address in addresses:
            for query in QUERIES if address.endswith("/ideas/") else ("",):
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
    "rules",
    [{"results_from": "close"}, {"results_from": "outcome"}, {"vote_after_own": True}],
    ids=["until the close", "until the outcome", "until one has voted"],
)
def test_nothing_depends_on_a_choice_while_totals_are_sealed(rules):
    _page, vote, ideas = make_voting("stars", **rules)
    contest = vote.ballot.engagement
    mover = make_citizen()
    with in_the_vote(), clock.freeze(clock.now()):
        for stars in (5, 5, 4):
            cast(vote, {key(ideas[0]): stars})
        cast(vote, {key(ideas[0]): 5}, by=mover)
        count_votes()
        addresses = _addresses(vote, ideas)
        assert len(addresses) > 30
        clients = _readers(contest)
        before = _everything(addresses, clients)
        turnout = counts(contest)
        cast(vote, {key(ideas[1]): 1, key(ideas[2]): 2}, by=mover)
        count_votes()
        after = _everything(addresses, clients)
        assert _differ(before, after) == []
        assert counts(contest) == turnout
        cast(vote, {key(ideas[2]): 3})
        count_votes()
        more = _everything(addresses, clients)
        assert _differ(after, more, _TURNOUT) == []
        assert counts(contest)["voters"] == turnout["voters"] + 1
        if not rules.get("vote_after_own"):
            assert not IdeaTotal.objects.exists()


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
