"""The ledger against a small model: any sequence of acts leaves what the model says.

After each step what is new is looked at: entries that sum to zero, legs that follow the one before,
no balance below zero, and every balance as the model has it. The whole proof reads everything there
is, so it comes after every few steps, the last among them.

A short run here; ``make test-long`` plants faults on purpose that it must find, does the same with
threads, and goes 10,000 steps with the rewards' acts among them (``tests/rewards/test_model.py``).
"""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter, deque
from itertools import count, groupby
from typing import ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.actions.account import open_account
from accounts.actions.closing import close_account
from accounts.actions.verification import merge_persons
from core import clock
from core.exceptions import Conflict, DomainError, Invalid
from crowdtasks.ledger import proof
from crowdtasks.ledger.actions import (
    agree,
    ask_award,
    ask_deduct,
    ask_reversal,
    books,
    corrections,
    earn,
    expire,
    grant_budget,
    persons,
    refund,
    release,
    reserve,
    return_rest,
    spend,
    spending,
    take_back,
)
from crowdtasks.ledger.models import (
    AccountKind,
    Entry,
    EntryKind,
    Leg,
    PointsAccount,
    Proposal,
)
from crowdtasks.ledger.models.account import SOURCE_PK
from crowdtasks.ledger.reading import balance_of, balance_of_account, budget_of, escrow_of
from crowdtasks.ledger.rules import expires_at
from tests.factories.accounts import make_account, make_administrator
from tests.factories.engagements import make_engagement
from tests.participation.test_votes_race import together

pytestmark = pytest.mark.db
PEOPLE = st.integers(0, 2)
POINTS = st.integers(1, 60)
LIMITS = dict.fromkeys(("settings_change", "points_desk", "redeem"), ((10**9, 60),))


class Model:
    """What a person should have: lots in the order they came, what is held, what was spent."""

    def __init__(self) -> None:
        self.lots: deque[tuple[dt.datetime, int]] = deque()
        self.held: dict[str, int] = {}

    @property
    def free(self) -> int:
        return sum(points for _at, points in self.lots)

    def add(self, at: dt.datetime, points: int) -> None:
        self.lots.append((at, points))

    def take(self, points: int) -> None:
        """Out of the oldest lots."""
        while points:
            at, first = self.lots.popleft()
            if first > points:
                self.lots.appendleft((at, first - points))
            points -= min(first, points)

    def drop_expired(self, now: dt.datetime) -> int:
        gone = 0
        while self.lots and expires_at(self.lots[0][0]) <= now:
            gone += self.lots.popleft()[1]
        return gone


def some(name: str):
    """A rule for when there is something of that name."""
    return precondition(lambda machine: bool(getattr(machine, name, ())))


class LedgerMachine(RuleBasedStateMachine):
    """Every rule does the act and says what the model expects of it."""

    #: After how many steps everything is proved; it divides the steps of an example.
    whole_every: ClassVar[int] = 5
    #: Of all examples together: steps done, whole proofs, and entries by kind.
    walked: ClassVar[int] = 0
    proved: ClassVar[int] = 0
    written: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = dt.datetime(2027, 1, 15, tzinfo=dt.UTC)
        self.frozen = clock.freeze(self.now)
        self.frozen.__enter__()
        self.keys = count(1)
        self.engagement = make_engagement()
        self.accounts = [make_account() for _each in range(3)]
        self.models = [Model() for _each in range(3)]
        self.budget = self.escrow = self.issued = self.forfeited = self.gone = self.taken = 0
        self.by, self.second = make_administrator(), make_administrator()
        #: Additions and deductions: the entry, whose, how many, and which of the two it was.
        self.corrected: list[tuple[Entry, int, int, str]] = []
        self.earned: list[tuple[str, int, int]] = []
        self.spent: list[tuple[str, int, int]] = []
        self.settled: set[str] = set()
        self.steps = self.seen = 0
        #: Number, balance and sum of all that came in, of each account after its last leg.
        self.stands: dict[int, tuple[int, int, int]] = {}
        # Else most examples end before anybody has a point.
        self.grant(2_000)
        self.reserve(1_000)

    def teardown(self) -> None:
        if hasattr(self, "block"):
            self.frozen.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def key(self) -> str:
        return f"model:{next(self.keys)}"

    def refused(self, act, *errors: type[DomainError]) -> None:
        """The act is refused and leaves nothing behind."""
        with pytest.raises(errors), transaction.atomic():
            act()

    @rule(points=st.integers(1, 500))
    def grant_more(self, points: int) -> None:
        self.grant(points)

    def grant(self, points: int) -> None:
        bureau, key = self.engagement.owner, self.key()
        for _twice in range(2):
            grant_budget(bureau=bureau, points=points, by="system", reason="More.", key=key)
        self.budget, self.issued = self.budget + points, self.issued + points

    @rule(points=st.integers(1, 300))
    def reserve_more(self, points: int) -> None:
        self.reserve(points)

    def reserve(self, points: int) -> None:
        def act() -> None:
            reserve(engagement=self.engagement, points=points, by="system", key=self.key())

        if points > self.budget:
            self.refused(act, Invalid)
        else:
            act()
            self.budget, self.escrow = self.budget - points, self.escrow + points

    @rule(who=PEOPLE, points=POINTS, hold=st.sampled_from(["no", "time", "review"]))
    def earn(self, who: int, points: int, hold: str) -> None:
        key = self.key()
        until = self.now + dt.timedelta(days=7) if hold == "time" else None

        def act() -> None:
            earn(
                engagement=self.engagement,
                person=self.accounts[who].person,
                points=points,
                key=key,
                hold_until=until,
                review=hold == "review",
            )

        if points > self.escrow:
            self.refused(act, Conflict)
            return
        act()
        act()
        self.escrow -= points
        self.earned.append((key, who, points))
        if hold == "no":
            self.models[who].add(self.now, points)
        else:
            self.models[who].held[key] = points

    @some("earned")
    @rule(place=st.integers(0, 10**6))
    def release(self, place: int) -> None:
        key, who, points = self.earned[place % len(self.earned)]

        def act() -> None:
            release(entry_key=key, key=self.key())

        if self.models[who].held.pop(key, None) is None:
            self.refused(act, Conflict)
        else:
            act()
            self.models[who].add(self.now, points)

    @some("earned")
    @rule(place=st.integers(0, 10**6))
    def take_back(self, place: int) -> None:
        key, who, points = self.earned[place % len(self.earned)]
        model = self.models[who]
        expire(person=self.accounts[who].person)
        self.gone += model.drop_expired(self.now)

        def act() -> None:
            take_back(entry_key=key, key=self.key(), by="system", reason="Copied.")

        if key in self.settled or (key not in model.held and model.free < points):
            self.refused(act, Conflict)
            return
        act()
        self.settled.add(key)
        if model.held.pop(key, None) is None:
            model.take(points)
        self.escrow += points if not self.closed else 0
        self.budget += points if self.closed else 0

    @property
    def closed(self) -> bool:
        rows = PointsAccount.objects.filter(kind=AccountKind.ESCROW, engagement=self.engagement)
        return rows.filter(closed_at__isnull=False).exists()

    @rule(who=PEOPLE, points=POINTS)
    def spend(self, who: int, points: int) -> None:
        key, model = self.key(), self.models[who]

        def act() -> None:
            spend(person=self.accounts[who].person, points=points, key=key)

        # A spending that is refused writes nothing off, so the model drops after it was let.
        left = sum(amount for at, amount in model.lots if expires_at(at) > self.now)
        if left < points:
            self.refused(act, Conflict)
            return
        self.gone += model.drop_expired(self.now)
        act()
        act()
        model.take(points)
        self.gone += points
        self.spent.append((key, who, points))

    @some("spent")
    @rule(place=st.integers(0, 10**6))
    def refund(self, place: int) -> None:
        key, who, points = self.spent[place % len(self.spent)]

        def act() -> None:
            refund(entry_key=key, key=self.key(), reason="Sold out.")

        if key in self.settled:
            self.refused(act, Conflict)
            return
        act()
        self.settled.add(key)
        self.gone -= points
        self.models[who].add(self.now, points)

    @rule(days=st.sampled_from([1, 20, 400, 800]))
    def time_goes_on(self, days: int) -> None:
        self.frozen.__exit__(None, None, None)
        self.now += dt.timedelta(days=days)
        self.frozen = clock.freeze(self.now)
        self.frozen.__enter__()

    @rule(who=PEOPLE)
    def expire(self, who: int) -> None:
        found = expire(person=self.accounts[who].person)
        expected = self.models[who].drop_expired(self.now)
        assert (found.points if found is not None else 0) == expected
        self.gone += expected

    @rule(who=PEOPLE)
    def erase(self, who: int) -> None:
        """The account is closed and opened again by the same address: the same person."""
        account, model = self.accounts[who], self.models[who]
        email = account.email
        close_account(account=account)
        self.accounts[who] = open_account(email=email)
        self.forfeited += model.free + sum(model.held.values())
        self.models[who] = Model()

    def forget_expired(self, who: int) -> Model:
        """The person's model after what has expired was written off in both."""
        expire(person=self.accounts[who].person)
        self.gone += self.models[who].drop_expired(self.now)
        return self.models[who]

    def signed(self, done: Entry | Proposal) -> Entry:
        """What came of a correction, once a second administrator agreed where that is needed."""
        return agree(proposal=done, by=self.second) if isinstance(done, Proposal) else done

    @rule(who=PEOPLE, points=st.integers(1, 400))
    def award(self, who: int, points: int) -> None:
        key, done = self.key(), []

        def act() -> None:
            done.append(
                self.signed(
                    ask_award(
                        person=self.accounts[who].person,
                        bureau=self.engagement.owner,
                        points=points,
                        by=self.by,
                        reason="Late.",
                        key=key,
                    )
                )
            )

        if points > self.budget:
            self.refused(act, Invalid)
            return
        act()
        self.budget -= points
        self.models[who].add(self.now, points)
        self.corrected.append((done[0], who, points, "award"))

    @rule(who=PEOPLE, points=POINTS)
    def deduct(self, who: int, points: int) -> None:
        key, done, model = self.key(), [], self.forget_expired(who)

        def act() -> None:
            named = {"by": self.by, "reason": "Twice.", "key": key}
            asked = ask_deduct(person=self.accounts[who].person, points=points, **named)
            done.append(self.signed(asked))

        if points > model.free:
            self.refused(act, Conflict)
            return
        act()
        model.take(points)
        self.taken += points
        self.corrected.append((done[0], who, points, "deduct"))

    @some("corrected")
    @rule(place=st.integers(0, 10**6))
    def reverse(self, place: int) -> None:
        entry, who, points, what = self.corrected[place % len(self.corrected)]
        model = self.forget_expired(who)

        def act() -> None:
            named = {"by": self.by, "reason": "Wrong.", "key": self.key()}
            self.signed(ask_reversal(entry=entry, **named))

        if entry.key in self.settled or (what == "award" and model.free < points):
            self.refused(act, Conflict)
            return
        act()
        self.settled.add(entry.key)
        if what == "award":
            model.take(points)
            self.budget += points
        else:
            self.taken -= points
            model.add(self.now, points)

    @rule(keep=PEOPLE, further=st.integers(1, 2))
    def merge(self, keep: int, further: int) -> None:
        """Two turn out to be one; somebody new comes in the place of the other."""
        self.become_one(keep, (keep + further) % 3)

    def become_one(self, keep: int, gone: int) -> None:
        model, other = self.models[keep], self.models[gone]
        self.gone += other.drop_expired(self.now)
        kept = self.accounts[keep].person
        merge_persons(keep=kept, gone=self.accounts[gone].person, by="system")
        if other.free:
            model.add(self.now, other.free)
        model.held |= other.held
        close_account(account=self.accounts[gone])
        for rows in (self.earned, self.spent, self.corrected):
            rows[:] = [(one, keep if who == gone else who, *rest) for one, who, *rest in rows]
        self.accounts[gone], self.models[gone] = make_account(), Model()

    @rule()
    def close(self) -> None:
        return_rest(engagement=self.engagement, key=self.key())
        self.budget, self.escrow = self.budget + self.escrow, 0

    @invariant()
    def everything_is_where_the_model_says(self) -> None:
        if not hasattr(self, "stands"):
            return
        # The first time is before any step: what the example begins with.
        type(self).walked += bool(self.steps)
        self.steps += 1
        self.look(whole=self.steps % self.whole_every == 0)

    def look(self, *, whole: bool) -> None:
        """Compare with the model; ``whole``: and prove all that was ever written."""
        self.follow()
        assert (budget_of(self.engagement.owner), escrow_of(self.engagement)) == (
            self.budget,
            self.escrow,
        )
        assert balance_of_account(AccountKind.SOURCE) == -self.issued
        assert balance_of_account(AccountKind.FORFEITED) == self.forfeited
        assert balance_of_account(AccountKind.REVERSED) == self.taken
        total = self.budget + self.escrow + self.forfeited + self.gone + self.taken
        for account, model in zip(self.accounts, self.models, strict=True):
            living = [(at, points) for at, points in model.lots if expires_at(at) > self.now]
            found = balance_of(account.person)
            assert found.available == sum(points for _at, points in living)
            assert found.pending == sum(model.held.values())
            ends = [expires_at(at) for at, _points in living]
            assert found.next_expiry == min(ends, default=None)
            total += model.free + sum(model.held.values())
        assert total == self.issued
        if whole:
            type(self).proved += 1
            assert proof.prove().faults == []

    def follow(self) -> None:
        """What was written since the last look: each entry sums to zero, each leg follows the one
        before it on its account, and none is below zero."""
        # The example is rolled back: what PostgreSQL looks at with the commit, it looks at here.
        if connection.vendor == "postgresql":
            connection.check_constraints()
        named = ("pk", "entry_id", "entry__kind", "account_id")
        figures = ("number", "amount", "balance", "credited")
        legs = Leg.objects.filter(pk__gt=self.seen).order_by("pk").values_list(*named, *figures)
        for (_entry, kind), group in groupby(legs, key=lambda leg: leg[1:3]):
            amounts = []
            for pk, _entry, _kind, account, number, amount, balance, credited in group:
                last = self.stands.get(account, (0, 0, 0))
                now = (last[0] + 1, last[1] + amount, last[2] + max(amount, 0))
                assert (number, balance, credited) == now
                assert balance >= 0 or account == SOURCE_PK
                self.stands[account], self.seen = now, pk
                amounts.append(amount)
            assert len(amounts) >= 2
            assert sum(amounts) == 0
            self.written[kind] += 1
        assert sum(balance for _number, balance, _credited in self.stands.values()) == 0


def run(machine: type[LedgerMachine] = LedgerMachine, *, examples: int, steps: int, **more) -> None:
    """So many examples of so many steps each, the one that begins it among them."""
    machine.walked = machine.proved = 0
    machine.written = Counter()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


#: What fails is shown as it was met: to make it shorter takes minutes.
AS_MET = {"phases": [Phase.generate], "report_multiple_bugs": False}


def look_for_a_planted_fault(machine: type[LedgerMachine]) -> None:
    """The same sequences at each run; what fails is not made shorter."""
    run(machine, examples=100, steps=40, derandomize=True, **AS_MET)


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, **LIMITS}


@pytest.mark.django_db
def test_any_sequence_leaves_what_the_model_says():
    run(examples=3, steps=25)
    assert LedgerMachine.walked >= 48
    assert LedgerMachine.proved >= 10


def _nothing_expires(monkeypatch) -> None:
    """What has expired can be spent: the books agree with themselves, and not with the model."""
    for acts in (spending, corrections, persons):
        monkeypatch.setattr(acts, "write_off_expired", lambda *_args, **_named: None)


def _a_seal_of_nothing(monkeypatch) -> None:
    """All figures are right, and an entry is not what its seal says: the proof alone sees it."""
    seal = books.seal

    def wrong(entry: Entry, moves) -> str:
        return "0" * 64 if entry.kind == EntryKind.SPEND else seal(entry, moves)

    monkeypatch.setattr(books, "seal", wrong)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("plant", [_nothing_expires, _a_seal_of_nothing])
def test_a_planted_fault_is_found(plant, monkeypatch):
    plant(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        look_for_a_planted_fault(LedgerMachine)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "threads", [pytest.param(8, id="few"), pytest.param(50, id="many", marks=pytest.mark.long)]
)
def test_the_same_balance_spent_by_many_at_once_is_spent_once(threads):
    """P1, P3: never below zero, a replay of each act at the same instant is one act."""
    engagement = make_engagement()
    bureau = engagement.owner
    grant_budget(bureau=bureau, points=1_000, by="system", reason="For the race.", key="grant")
    reserve(engagement=engagement, points=300, by="system", key="reserve")
    person = make_account().person
    reward = {"engagement": engagement, "person": person, "points": 100, "key": "once"}
    answers = together([lambda: earn(**reward)] * threads)
    assert len({each.pk for each in answers}) == 1
    answers = together(
        [lambda n=n: spend(person=person, points=30, key=f"buy:{n}") for n in range(threads)]
    )
    bought = [each for each in answers if not isinstance(each, Exception)]
    refused = [each for each in answers if isinstance(each, Exception)]
    assert len(bought) == 3
    assert {each.code for each in refused} == {"points_short"}
    assert balance_of(person).available == 10
    assert escrow_of(engagement) == 200
    assert proof.prove().faults == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tree")
def test_threads_that_do_anything_leave_books_that_hold():
    """10,000 acts of eight threads on three people and one escrow."""
    engagement = make_engagement()
    grant_budget(
        bureau=engagement.owner, points=100_000, by="system", reason="For the race.", key="grant"
    )
    reserve(engagement=engagement, points=50_000, by="system", key="reserve")
    people = [make_account().person for _each in range(3)]
    strange: list[Exception] = []
    lock = threading.Lock()

    def act(dice: random.Random, seed: int, step: int) -> None:
        person, points, key = dice.choice(people), dice.randint(1, 40), f"{seed}:{step}"
        earlier = f"{dice.randint(0, 7)}:{dice.randint(0, step)}"
        what = dice.choice(["earn", "hold", "release", "take_back", "spend", "refund"])
        if what in {"earn", "hold"}:
            held = what == "hold"
            earn(engagement=engagement, person=person, points=points, key=key, review=held)
        elif what == "release":
            release(entry_key=earlier, key=key)
        elif what == "take_back":
            take_back(entry_key=earlier, key=key, by="system", reason="Any.")
        elif what == "spend":
            spend(person=person, points=points, key=key)
        else:
            refund(entry_key=earlier, key=key, reason="Any.")

    def work(seed: int) -> None:
        dice = random.Random(seed)
        for step in range(10_000 // 8):
            try:
                act(dice, seed, step)
            except DomainError:
                continue
            except Exception as error:
                with lock:
                    strange.append(error)

    together([lambda seed=seed: work(seed) for seed in range(8)])
    assert strange == []
    assert proof.prove().faults == []
