"""Corrections by administrators: what they move, who may, and the second name (P4, P5, P11)."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actions import revoke_role
from accounts.actions.closing import close_account
from core import audit, clock
from core.exceptions import Conflict, DomainError, Invalid, Refused
from crowdtasks.ledger import proof, triggers
from crowdtasks.ledger.actions import (
    agree,
    ask_award,
    ask_deduct,
    ask_grant,
    ask_reversal,
    award,
    decline,
    deduct,
    earn,
    expire,
    grant_budget,
    refund,
    release,
    return_rest,
    reverse,
    spend,
    take_back,
)
from crowdtasks.ledger.models import AccountKind, Entry, Proposal
from crowdtasks.ledger.reading import balance_of, balance_of_account, budget_of, statement
from notifications.models import Notice
from tests.factories.accounts import make_account, make_administrator, make_bureau, make_officer
from tests.factories.ledger import fill_budget, give, key, make_funded

pytestmark = [pytest.mark.db, pytest.mark.django_db]
WRONG = [
    -1,
    0,
    2**63,
    10**10,
    1.5,
    True,
    None,
    "",
    "-5",
    "1e309",
    "inf",
    "０１２",
    "٣",
    "1_0",
    "1.0",
]


@pytest.fixture(autouse=True)
def books_hold():
    """After every test of this module the ledger and the trail must hold."""
    yield
    assert proof.prove().faults == []
    assert audit.verify().ok


@pytest.fixture
def by():
    return make_administrator()


@pytest.fixture
def second():
    return make_administrator()


@pytest.fixture
def bureau():
    row = make_bureau()
    fill_budget(row, 5_000)
    return row


def test_points_are_added_from_a_budget_taken_and_both_reversed(by, bureau):
    account = make_account()
    person = account.person
    added = award(
        person=person, bureau=bureau, points=100, by=by, reason="The job was late.", key="a"
    )
    assert (balance_of(person).available, budget_of(bureau)) == (100, 4_900)
    taken = deduct(person=person, points=30, by=by, reason="Paid twice.", key="d")
    assert balance_of(person).available == 70
    assert balance_of_account(AccountKind.REVERSED) == 30
    reverse(entry=taken, key="r1", by=by, reason="It was once.")
    reverse(entry=added, key="r2", by=by, reason="For somebody else.")
    assert (balance_of(person).available, budget_of(bureau)) == (0, 5_000)
    assert balance_of_account(AccountKind.REVERSED) == 0
    lines = [(line.entry.kind, line.available, line.left) for line in statement(person).lines]
    assert lines == [
        ("reversal", -100, 0),
        ("reversal", 30, 100),
        ("deduct", -30, 70),
        ("award", 100, 100),
    ]
    told = Notice.objects.filter(kind="points-corrected", account=account).order_by("pk")
    assert [(one.params["what"], one.params["points"]) for one in told] == [
        ("added", 100),
        ("taken", 30),
        ("added", 30),
        ("taken", 100),
    ]


def test_a_grant_is_reversed_while_the_budget_has_it(by, bureau):
    entry = grant_budget(bureau=bureau, points=1_000, by=by, reason="Typed wrongly.", key="g")
    reverse(entry=entry, key="r", by=by, reason="Typed wrongly.")
    assert budget_of(bureau) == 5_000
    with pytest.raises(Conflict) as caught:
        reverse(entry=entry, key="again", by=by, reason="Again.")
    assert caught.value.code == "reversed"
    other = grant_budget(bureau=bureau, points=1_000, by=by, reason="A year.", key="h")
    award(person=make_account().person, bureau=bureau, points=500, by=by, reason="X.", key="x")
    for number in range(10):
        who, colleague = make_account().person, make_administrator()
        award(person=who, bureau=bureau, points=500, by=colleague, reason="X.", key=f"x{number}")
    with pytest.raises(Invalid) as short:
        reverse(entry=other, key="short", by=by, reason="Too late.")
    assert (short.value.code, short.value.data["held"]) == ("budget_short", 500)


@pytest.mark.parametrize("amount", WRONG)
def test_a_correction_is_of_whole_points(by, bureau, amount):
    """P4."""
    person = make_account().person
    before = Entry.objects.count()
    for act in (
        lambda: award(person=person, bureau=bureau, points=amount, by=by, reason="X.", key="a"),
        lambda: deduct(person=person, points=amount, by=by, reason="X.", key="d"),
        lambda: ask_award(person=person, bureau=bureau, points=amount, by=by, reason="X.", key="b"),
        lambda: ask_deduct(person=person, points=amount, by=by, reason="X.", key="e"),
    ):
        with pytest.raises(Invalid) as caught:
            act()
        assert (caught.value.status, caught.value.field) == (422, "points")
    assert Entry.objects.count() == before
    assert not Proposal.objects.exists()


def test_who_may_correct(by, bureau):
    """P11: administrators with a name, never points of their own; a reason is asked for."""
    person = make_account().person
    give(by, 50)
    officer = make_officer(bureau.code)
    for who in (officer, make_account(), None, "system"):
        for ask in (award, ask_award):
            with pytest.raises(DomainError) as caught:
                ask(person=person, bureau=bureau, points=1, by=who, reason="X.", key=key())
            assert caught.value.status in {401, 403}
    own = {"person": by.person, "by": by, "reason": "Mine.", "points": 1}
    for act in (
        lambda: award(bureau=bureau, key="a", **own),
        lambda: ask_award(bureau=bureau, key="b", **own),
        lambda: deduct(key="c", **own),
        lambda: ask_deduct(key="d", **own),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "own_points"
    for reason in ("", " \n", "x" * 301):
        with pytest.raises(Invalid) as unsaid:
            award(person=person, bureau=bureau, points=1, by=by, reason=reason, key="a")
        assert unsaid.value.field == "reason"
    assert not Entry.objects.filter(kind__in=["award", "deduct"]).exists()


def test_never_more_than_is_there_and_not_to_a_closed_account(by, bureau):
    account = make_account()
    person = account.person
    give(person, 20)
    with pytest.raises(Conflict) as caught:
        deduct(person=person, points=21, by=by, reason="X.", key="d")
    assert (caught.value.code, caught.value.data) == ("spent", {"left": 20})
    poor = make_bureau("TD")
    with pytest.raises(Invalid) as short:
        award(person=person, bureau=poor, points=1, by=by, reason="X.", key="a")
    assert short.value.code == "budget_short"
    taken = deduct(person=person, points=5, by=by, reason="X.", key="d2")
    close_account(account=account)
    person.refresh_from_db()
    with pytest.raises(Conflict) as closed:
        award(person=person, bureau=bureau, points=1, by=by, reason="X.", key="a2")
    assert closed.value.code == "erased"
    before = balance_of_account(AccountKind.FORFEITED)
    reverse(entry=taken, key="r", by=by, reason="Wrong.")
    assert balance_of_account(AccountKind.FORFEITED) == before + 5


def test_what_has_expired_is_not_taken_twice(by, bureau):
    person = make_account().person
    start = dt.datetime(2027, 1, 10, tzinfo=dt.UTC)
    with clock.freeze(start):
        award(person=person, bureau=bureau, points=50, by=by, reason="X.", key="a")
    with clock.freeze(start + dt.timedelta(days=32)):
        award(person=person, bureau=bureau, points=10, by=by, reason="X.", key="b")
    with clock.freeze(dt.datetime(2029, 2, 10, tzinfo=dt.UTC)):
        with pytest.raises(Conflict):
            deduct(person=person, points=11, by=by, reason="X.", key="c")
        deduct(person=person, points=10, by=by, reason="X.", key="d")
        assert expire(person=person) is None
        assert balance_of(person).available == 0


def test_what_is_not_a_correction_is_not_reversed_here(by):
    person = make_account().person
    engagement = make_funded(100)
    earn(engagement=engagement, person=person, points=30, key="earned", review=True)
    release(entry_key="earned", key="released")
    spend(person=person, points=10, key="spent")
    refund(entry_key="spent", key="back", reason="X.")
    for wrong in ("released", "spent", "back"):
        with pytest.raises(Refused) as caught:
            ask_reversal(entry=Entry.objects.get(key=wrong), by=by, reason="X.", key=key())
        assert caught.value.code == "not_reversible"
    with pytest.raises(Refused):
        reverse(entry=Entry.objects.get(key="earned"), by=by, reason="X.", key="r")
    done = ask_reversal(entry=Entry.objects.get(key="earned"), by=by, reason="Copied.", key="t")
    assert (done.kind, done.reverses.key) == ("take_back", "earned")


def test_a_form_sent_twice_is_one_correction(by, second, bureau):
    """P3."""
    person = make_account().person
    one = {"person": person, "bureau": bureau, "by": by, "reason": "Late."}
    assert ask_award(points=400, key="a", **one) == ask_award(points=400, key="a", **one)
    assert ask_award(points=900, key="b", **one) == ask_award(points=900, key="b", **one)
    assert Proposal.objects.count() == 1
    with pytest.raises(Conflict) as caught:
        ask_award(points=901, key="b", **one)
    assert caught.value.status == 422
    agree(proposal=Proposal.objects.get(), by=second)
    assert balance_of(person).available == 1_300
    with pytest.raises(Conflict):
        agree(proposal=Proposal.objects.get(), by=make_administrator())


def test_the_limit_is_not_divided(by, second, bureau):
    """P11: what one administrator added alone in a month counts together."""
    person = make_account().person
    one = {"person": person, "bureau": bureau, "reason": "Late."}
    assert isinstance(ask_award(points=300, by=by, key="a", **one), Entry)
    assert isinstance(ask_award(points=200, by=second, key="b", **one), Entry)
    waiting = ask_award(points=1, by=by, key="c", **one)
    assert isinstance(waiting, Proposal)
    with pytest.raises(Invalid) as caught:
        award(points=1, by=by, key="d", **one)
    assert caught.value.code == "second_needed"
    agree(proposal=waiting, by=second)
    with clock.travel(dt.timedelta(days=31)):
        assert isinstance(ask_award(points=500, by=by, key="e", **one), Entry)
    assert isinstance(ask_grant(bureau=bureau, points=100_000, by=by, reason="X.", key="g"), Entry)
    assert isinstance(ask_grant(bureau=bureau, points=1, by=by, reason="X.", key="h"), Proposal)


def test_the_limit_is_not_divided_among_persons(by, second, bureau):
    """P11: a mass grant by one administrator, a little to each of many, meets a limit too."""
    one = {"bureau": bureau, "reason": "Late."}
    people = [make_account().person for _each in range(6)]
    for number, person in enumerate(people[:5]):
        assert isinstance(
            ask_award(person=person, points=500, by=by, key=f"{number}", **one), Entry
        )
    waiting = ask_award(person=people[5], points=1, by=by, key="more", **one)
    assert isinstance(waiting, Proposal)
    assert balance_of(people[5]).available == 0
    with pytest.raises(Invalid) as caught:
        award(person=people[5], points=1, by=by, key="past", **one)
    assert caught.value.code == "second_needed"
    # What a second agreed to counts toward nobody's; a colleague's and another month's neither.
    assert agree(proposal=waiting, by=second).points == 1
    assert isinstance(ask_award(person=people[5], points=5, by=second, key="c", **one), Entry)
    # Taking is counted by itself, and in the same way.
    for number, person in enumerate(people[:5]):
        done = ask_deduct(person=person, points=500, by=by, reason="Undo.", key=f"d{number}")
        assert isinstance(done, Entry)
    asked = ask_deduct(person=people[5], points=1, by=by, reason="Undo.", key="d-more")
    assert isinstance(asked, Proposal)
    with clock.travel(dt.timedelta(days=31)):
        assert isinstance(ask_award(person=people[5], points=9, by=by, key="e", **one), Entry)


def big(by) -> Entry:
    """A reward above the limit of a person."""
    engagement = make_funded(2_000)
    person = make_account().person
    return earn(engagement=engagement, person=person, points=600, key=key("big"), review=True)


def test_no_caller_can_name_a_second_who_did_not_agree(by, second, bureau):
    """The second name is read from a proposal that its bearer agreed to; nothing else gives it."""
    earned = big(by)
    back = {"entry_key": earned.key, "by": by, "reason": "Copied."}
    with pytest.raises(TypeError):
        take_back(key="t", second=second, **back)
    with pytest.raises(Invalid) as caught:
        take_back(key="t", **back)
    assert caught.value.code == "second_needed"
    waiting = ask_reversal(entry=earned, by=by, reason="Copied.", key="p")
    other = ask_reversal(entry=big(by), by=by, reason="Copied.", key="q")
    refused = ask_award(
        person=make_account().person, bureau=bureau, points=600, by=by, reason="X.", key="r"
    )
    decline(proposal=refused, by=second)
    agree(proposal=other, by=second)
    for wrong in (waiting, other, refused):
        # Nobody agreed, it was for another entry and is used up, it was declined.
        with pytest.raises(Refused) as named:
            take_back(key="t", proposal=wrong, **back)
        assert named.value.code == "not_agreed"
    # Somebody else than who proposed it acts on it; who proposed it agrees to it.
    Proposal.objects.filter(pk=waiting.pk).update(
        verdict="agreed", decided_by=second.person, decided_at=clock.now()
    )
    with pytest.raises(Refused):
        take_back(key="t", proposal=waiting, **back | {"by": make_administrator()})
    Proposal.objects.filter(pk=waiting.pk).update(verdict="", decided_by=None, decided_at=None)
    with pytest.raises(Refused) as own:
        agree(proposal=waiting, by=by)
    assert own.value.code == "same_person"
    entry = agree(proposal=waiting, by=second)
    assert (entry.kind, entry.by, entry.second) == ("take_back", by.person, second.person)
    assert entry.reverses == earned


def test_an_officer_may_propose_what_an_administrator_agrees_to(second):
    earned = big(second)
    officer = make_officer(earned.engagement.owner.code)
    waiting = ask_reversal(entry=earned, by=officer, reason="Copied.", key="p")
    with pytest.raises(Conflict) as twice:
        ask_reversal(entry=earned, by=second, reason="Copied.", key="q")
    assert twice.value.code == "waits"
    with pytest.raises(Refused):
        agree(proposal=waiting, by=make_officer("TD"))
    entry = agree(proposal=waiting, by=second)
    assert (entry.by, entry.second) == (officer.person, second.person)


def test_whoever_points_move_for_decides_nothing_about_them(by, bureau):
    """P11: neither of the two names is the holder's, who may be an administrator too."""
    holder = make_administrator()
    give(holder, 1_000)
    waiting = ask_deduct(person=holder.person, points=900, by=by, reason="Twice.", key="d")
    for decide in (agree, decline):
        with pytest.raises(Refused) as caught:
            decide(proposal=waiting, by=holder)
        assert caught.value.code == "own_points"
    decline(proposal=waiting, by=by)
    assert balance_of(holder.person).available == 1_000


def test_a_proposal_of_somebody_who_may_no_more_moves_nothing(second, bureau):
    by = make_administrator()
    person = make_account().person
    waiting = ask_award(person=person, bureau=bureau, points=900, by=by, reason="Late.", key="a")
    revoke_role(account=by, role="administrator", bureau=None, by=second)
    with pytest.raises(Conflict) as caught:
        agree(proposal=waiting, by=second)
    assert caught.value.code == "proposer_gone"
    assert Proposal.objects.get().verdict == ""
    decline(proposal=waiting, by=second)


def test_what_became_impossible_meanwhile_moves_nothing(by, second, bureau):
    account = make_account()
    give(account, 600)
    waiting = ask_deduct(person=account.person, points=600, by=by, reason="Twice.", key="d")
    spend(person=account.person, points=1, key="s")
    with pytest.raises(Conflict) as caught:
        agree(proposal=waiting, by=second)
    assert caught.value.code == "spent"
    assert Proposal.objects.get().verdict == ""


def test_a_reward_taken_back_after_the_close_goes_to_the_budget(by, second):
    earned = big(by)
    engagement = earned.engagement
    return_rest(engagement=engagement, key="close")
    before = budget_of(engagement.owner)
    agree(proposal=ask_reversal(entry=earned, by=by, reason="Copied.", key="p"), by=second)
    assert budget_of(engagement.owner) == before + 600


def test_the_database_refuses_proposals_that_make_no_sense(by, second, bureau):
    """Constraints, past every action, on both databases."""
    person = make_account().person
    entry = give(person, 10)
    row = {
        "kind": "award",
        "bureau": bureau,
        "person": person,
        "points": 1,
        "reason": "X.",
        "proposed_by": by.person,
        "proposed_at": clock.now(),
    }
    decided = {"decided_by": second.person, "decided_at": clock.now()}
    for wrong in (
        {"points": 0},
        {"points": 10**12},
        {"bureau": None},
        {"person": None},
        {"kind": "deduct"},
        {"kind": "grant"},
        {"kind": "take_back", "bureau": None},
        {"target": entry},
        {"proposed_by": person},
        {"verdict": "agreed"},
        {"verdict": "perhaps", **decided},
        {"verdict": "agreed", **decided, "decided_by": by.person},
        {"verdict": "agreed", **decided, "decided_by": person},
        {"verdict": "declined", "entry": entry, **decided},
        {"entry": entry},
        decided,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.create(key=key(), **row | wrong)
    targeted = row | {"kind": "take_back", "bureau": None, "target": entry}
    Proposal.objects.create(key="once", **targeted)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(key="twice", **targeted)
    Proposal.objects.all().delete()


def test_a_second_name_written_past_the_actions_is_found(by, second, bureau):
    person = make_account().person
    waiting = ask_award(person=person, bureau=bureau, points=900, by=by, reason="Late.", key="a")
    entry = agree(proposal=waiting, by=second)
    third = make_administrator().person
    for change, back in (
        ({"decided_by": third}, {"decided_by": second.person}),
        ({"points": 901}, {"points": 900}),
    ):
        Proposal.objects.filter(pk=waiting.pk).update(**change)
        assert any(f"Entry {entry.key} has a second name" in one for one in proof.prove().faults)
        Proposal.objects.filter(pk=waiting.pk).update(**back)
    connection.check_constraints()
    Proposal.objects.filter(pk=waiting.pk).update(entry=None)
    assert len(proof.prove().faults) == 2
    Proposal.objects.filter(pk=waiting.pk).update(entry=entry)
    assert triggers.missing() == []
