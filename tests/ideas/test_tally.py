"""The count: each kind against a naive one, the file, and the program that recounts it."""

import json
import random
import re
import subprocess
import sys
import zlib
from collections import Counter
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core import audit, clock
from core.exceptions import Conflict
from ideas import tally_file
from ideas.actions.tally import content, tally_vote
from ideas.models import ContestVote, VoteResult
from ideas.tally_file import Commitments, TallyFile, Votes
from ideas.tasks import count_votes, tally_what_closed
from ideas.totals import standings
from ideas.voting import VoteRules, kind_named, verify_tally
from participation.actions.choices import withdraw_choices
from participation.actions.contributions import withhold_contribution
from participation.models import Receipt, Vote, VotePaper
from tests.factories.accounts import make_moderator
from tests.factories.participation import make_citizen
from tests.factories.votes import after_the_vote, cast, fresh, in_the_vote, key, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
KINDS = ("approval", "votes", "stars", "budget")
PROGRAM = Path(verify_tally.__file__)


def _random_vote(kind: str, ids: list[str], chance: random.Random) -> dict[str, int]:
    chosen = chance.sample(ids, chance.randint(1, 2))
    return {one: chance.randint(1, 5) if kind == "stars" else 1 for one in chosen}


def _plant(kind: str, voters: int = 12) -> tuple[ContestVote, dict[int, dict[str, int]], list]:
    """A vote with changes, a withdrawal and an idea that goes; what each voter chose last."""
    _page, vote, ideas = make_voting(kind, ideas=5, vote_most=2)
    chance = random.Random(kind)
    ids = [key(idea) for idea in ideas]
    last: dict[int, dict[str, int]] = {}
    with in_the_vote():
        people = [make_citizen().person for _each in range(voters)]
        for person in [*people, *people[:3]]:
            last[person.pk] = _random_vote(kind, ids, chance)
            cast(vote, last[person.pk], by=person)
        cast(vote, {ids[4]: 1}, by=people[0])
        last[people[0].pk] = {ids[4]: 1}
        withdraw_choices(ballot=fresh(vote).ballot, person=people[1])
        del last[people[1].pk]
        # A moderator takes one from the public while people vote.
        hidden = ideas[4].contribution
        hidden.refresh_from_db()
        withhold_contribution(contribution=hidden, by=make_moderator(), version=hidden.version)
    return vote, last, ids


def _naive(last, ids) -> tuple[dict[str, dict[str, int]], int]:
    """What a child would count on paper: per idea still there, and the votes with nothing left."""
    totals: dict[str, Counter[str]] = {one: Counter() for one in ids[:4]}
    spoiled = 0
    for choices in last.values():
        left = {one: value for one, value in choices.items() if one in totals}
        spoiled += not left
        for one, value in left.items():
            totals[one][str(value)] += 1
    return {one: dict(counts) for one, counts in totals.items()}, spoiled


def _file(result: VoteResult, folder: Path) -> Path:
    path = folder / "tally.txt"
    path.write_bytes(b"".join(content(result)))
    return path


def _plain(path: Path, *more: str) -> tuple[int, str]:
    """The program alone, in a bare Python that knows nothing of this project."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), str(path), *more],
        capture_output=True,
        text=True,
        cwd=path.parent,
        env={},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.db
@pytest.mark.parametrize("kind", KINDS)
def test_the_tally_is_what_a_naive_count_gives_and_the_program_agrees(kind, tmp_path):
    vote, last, ids = _plant(kind)
    with after_the_vote():
        tally_what_closed()
        result = VoteResult.objects.get()
        tally_what_closed()
        assert tally_vote(vote=fresh(vote)) == result
    totals, spoiled = _naive(last, ids)
    assert result.totals == totals
    assert (result.voters, result.spoiled) == (len(last), spoiled)
    assert spoiled
    assert result.votes == result.voters - result.spoiled
    path = _file(result, tmp_path)
    assert path.stat().st_size == result.size
    assert _plain(path) == (0, _plain(path)[1])
    assert result.digest in _plain(path)[1]
    assert audit.verify().ok


def test_there_is_no_result_before_the_close_nor_just_after():
    vote, _last, _ids = _plant("approval", voters=3)
    phase = vote.ballot.engagement.phases.get(key="vote")
    for moment in (phase.opens_at, phase.closes_at, phase.closes_at.replace(second=59)):
        with clock.freeze(moment):
            tally_what_closed()
            with pytest.raises(Conflict):
                tally_vote(vote=fresh(vote))
    assert not VoteResult.objects.exists()


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("kind", KINDS)
def test_the_order_holds_for_any_counts(kind, seed):
    chance = random.Random(seed)
    way = kind_named(kind)
    totals = {
        f"idea{number}": {value: chance.randint(0, 30) for value in way.values}
        for number in range(chance.randint(1, 12))
    }
    costs = {one: chance.randint(1, 100) for one in totals}
    rules = VoteRules(kind, 3, 150)
    found = way.order(totals, costs, rules)
    assert {one.public_id for one in found} == set(totals)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    for one in found:
        assert one.place == 1 + sum(other.score > one.score for other in found)
        assert one.votes == sum(totals[one.public_id].values())
    assert sum(costs[one.public_id] for one in found if one.funded) <= rules.budget


def test_few_full_stars_do_not_go_before_many_nearly_full_ones():
    way = kind_named("stars")
    assert way.score({5: 2}) < way.score({5: 60, 4: 40})
    assert way.score({5: 200}) > way.score({5: 60, 4: 40})
    assert way.score({}) == 0 < way.score({1: 1})


@pytest.fixture
def planted(tmp_path):
    vote, _last, _ids = _plant("stars")
    with after_the_vote():
        tally_what_closed()
    return vote, _file(VoteResult.objects.get(), tmp_path)


def _mended(lines: list[str]) -> str:
    """The lines with the digest made anew, as somebody would who changes a file with care."""
    said = json.loads(lines[-1])
    body = "".join(f"{line}\n" for line in lines[:-1])
    said["digest"] = sha256(body.encode()).hexdigest()
    return body + json.dumps(said, sort_keys=True) + "\n"


def _votes(lines: list[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.startswith("v ")]


def _remove_vote(lines):
    del lines[_votes(lines)[2]]


def _add_vote(lines):
    lines.insert(_votes(lines)[0], lines[_votes(lines)[0]])


def _change_vote(lines):
    # A vote for an idea that has gone says nothing that could be recounted: take one that does.
    standing = {idea["id"] for idea in json.loads(lines[0])["ideas"]}
    number = next(
        number
        for number in reversed(_votes(lines))
        if lines[number][2:].partition("=")[0] in standing
    )
    idea, _equals, value = lines[number][2:].partition(",")[0].partition("=")
    lines[number] = f"v {idea}={int(value) % 5 + 1}"


def _remove_commitment(lines):
    del lines[1]


def _repeat_commitment(lines):
    lines[2] = lines[1]


def _wrong_totals(lines):
    said = json.loads(lines[-1])
    some = next(idea for idea, counts in said["totals"].items() if counts)
    said["totals"][some]["5"] = 77
    lines[-1] = json.dumps(said)


def _wrong_voters(lines):
    said = json.loads(lines[-1])
    said["voters"] += 1
    lines[-1] = json.dumps(said)


@pytest.mark.parametrize("mended", [False, True])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_remove_vote, "a vote was removed"),
        (_add_vote, "a vote was added"),
        (_change_vote, "totals of .* are wrong|not in order"),
        (_remove_commitment, "commitment removed"),
        (_repeat_commitment, "a commitment is repeated"),
        (_wrong_totals, "totals of .* are wrong"),
        (_wrong_voters, "commitments; there are"),
    ],
)
def test_the_program_names_the_fault(planted, change, named, mended):
    _vote, path = planted
    lines = path.read_text(encoding="utf-8").splitlines()
    change(lines)
    text = _mended(lines) if mended else "".join(f"{line}\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    code, said = _plain(path)
    assert code == 1
    assert re.search(named, said)
    with pytest.raises(CommandError, match=named):
        call_command("verify_tally", str(path))


def test_a_wrong_digest_and_no_file_at_all_are_named(planted):
    _vote, path = planted
    digest = VoteResult.objects.get().digest
    assert _plain(path, "--digest", digest)[0] == 0
    assert "another digest" in _plain(path, "--digest", "0" * 64)[1]
    path.write_text(path.read_text(encoding="utf-8").replace(digest, "0" * 64), encoding="utf-8")
    assert "The digest is wrong" in _plain(path)[1]
    for rubbish in (b"", b"\xff\xfe\n\n", b"{}\n", b"[]\n1\n", b"c zz\nv\nnull\n"):
        path.write_bytes(rubbish)
        code, said = _plain(path)
        assert code == 1
        assert "Traceback" not in said
    assert _plain(path.parent / "nothing")[0] == 1


def test_the_command_recounts_what_is_kept(planted):
    vote, _path = planted
    said = StringIO()
    call_command("verify_tally", contest=vote.ballot.engagement.public_id, stdout=said)
    assert "The count is right" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("verify_tally", contest="nothing")
    with pytest.raises(CommandError):
        call_command("verify_tally")


def test_a_voter_finds_and_opens_the_own_line_and_nobody_else_can(tmp_path):
    _page, vote, ideas = make_voting()
    account = make_citizen()
    with in_the_vote():
        receipt = cast(vote, ideas[:2], by=account)
        cast(vote, ideas[1:])
    with after_the_vote():
        tally_what_closed()
        mine = Client()
        mine.force_login(account, backend="accounts.backends.AccountBackend")
        page = mine.get(f"/en/receipts/{receipt.code}/").content.decode()
        other = Client().get(f"/en/receipts/{receipt.code}/").content.decode()
    path = _file(VoteResult.objects.get(), tmp_path)
    head = Vote.objects.get(person=account.person)
    paper = VotePaper.objects.get(event__person=account.person)
    assert paper.commitment in page
    assert paper.commitment in other
    for secret in (head.salt, paper.choices):
        assert secret in page
        assert secret not in other
        assert head.salt not in path.read_text(encoding="utf-8")
    assert _plain(path, "--find", paper.commitment)[0] == 0
    assert _plain(path, "--open", head.salt, paper.choices)[0] == 0
    assert _plain(path, "--open", "0" * 32, paper.choices)[0] == 1
    assert _plain(path, "--find", "0" * 64)[0] == 1
    for hidden in (account.public_id, account.person.public_id, receipt.code):
        assert hidden not in path.read_text(encoding="utf-8")


def test_the_page_of_the_result_offers_the_file_and_the_program(client):
    vote, last, _ids = _plant("budget")
    base = f"/en/e/{vote.ballot.engagement.public_id}/votes/"
    assert client.get(base).status_code == 404
    assert client.get(f"{base}tally.txt").status_code == 404
    with after_the_vote():
        assert "being counted" in client.get(base).content.decode()
        assert client.get(f"{base}tally.txt").status_code == 404
        tally_what_closed()
        page = client.get(base).content.decode()
        assert f"{len(last)} people voted" in page
        assert "within the budget" in page
        assert VoteResult.objects.get().digest in page
        answer = client.get(f"{base}tally.txt")
        assert b"".join(answer.streaming_content) == b"".join(content(VoteResult.objects.get()))
        program = client.get("/en/ideas/verify_tally.py")
        assert program.content == PROGRAM.read_bytes()
        listed = client.get(f"/en/e/{vote.ballot.engagement.public_id}/ideas/?sort=supported")
        order = [one.public_id for one in standings(fresh(vote))]
        found = re.findall(r'href="/en/ideas/(\w+)/"', listed.content.decode())
        assert list(dict.fromkeys(found)) == order


def test_live_totals_are_counted_behind_the_votes(client):
    _page, vote, ideas = make_voting("stars")
    base = f"/en/e/{vote.ballot.engagement.public_id}"
    with in_the_vote():
        for _each in range(3):
            cast(vote, {key(ideas[1]): 5, key(ideas[0]): 2})
        count_votes()
        assert "3 votes" in client.get(f"/en/ideas/{key(ideas[1])}/").content.decode()
        listed = client.get(f"{base}/ideas/?sort=supported").content.decode()
        found = re.findall(r'href="/en/ideas/(\w+)/"', listed)
        assert list(dict.fromkeys(found)) == [key(ideas[1]), key(ideas[0]), key(ideas[2])]
        page = client.get(f"{base}/votes/").content.decode()
        assert "5 stars: 3" in page
        assert "3</span> people have voted" in page
        assert Receipt.objects.filter(contribution=None).count() == 3


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_votes_that_wait_on_disk_come_back_sorted_and_counted(most):
    chance = random.Random(most)
    texts = [f"idea{chance.randint(1, 9)}={chance.randint(1, 5)}" for _each in range(200)]
    votes = Votes(most=most)
    for start in range(0, len(texts), 7):
        votes.add(texts[start : start + 7])
    assert list(votes) == sorted(Counter(texts).items())
    votes.close()


def test_commitments_come_back_sorted_and_a_file_in_pieces_is_whole(monkeypatch):
    monkeypatch.setattr(tally_file, "LINES", 10)
    monkeypatch.setattr(tally_file, "PIECE", 500)
    digests = [sha256(str(number).encode()).digest() for number in range(300)]
    commitments = Commitments()
    for digest in digests:
        commitments.add(digest)
    assert len(commitments) == 300
    assert list(commitments) == sorted(digests)
    file = TallyFile()
    file.write(one.hex() for one in commitments)
    whole = "".join(f"{one.hex()}\n" for one in sorted(digests)).encode()
    assert (file.size, file.digest()) == (len(whole), sha256(whole).hexdigest())
    pieces = list(file.pieces())
    assert len(pieces) > 5
    assert b"".join(map(zlib.decompress, pieces)) == whole
    file.close()
