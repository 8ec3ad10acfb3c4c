"""``verify_ledger`` finds what was written past the actions and names the entry."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.actions.verification import merge_persons
from core import clock
from crowdtasks.ledger import proof, triggers
from crowdtasks.ledger.actions import earn, return_rest, spend, take_back
from crowdtasks.ledger.models import Entry, Hold, Leg, PointsAccount
from crowdtasks.ledger.tasks import prove_ledger
from notifications.models import Notice
from tests.factories.accounts import make_account, make_administrator
from tests.factories.ledger import make_funded

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def person():
    """Somebody with a history: earned, held, spent."""
    engagement = make_funded(100)
    who = make_account().person
    earn(engagement=engagement, person=who, points=30, key="first")
    earn(engagement=engagement, person=who, points=20, key="held", review=True)
    earn(engagement=engagement, person=who, points=10, key="second")
    spend(person=who, points=5, key="spent")
    take_back(entry_key="second", key="back", by="system", reason="Copied.")
    return_rest(engagement=engagement, key="close")
    return who


def verify(*words: str) -> tuple[int, str, str]:
    """Run the command: its exit, what it said, its complaints."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_ledger", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def by_hand(statement: str, *values: object) -> None:
    """Change the books as somebody with the database's password could, without a trace."""
    connection.check_constraints()
    triggers.remove()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement, values)
    triggers.install()


def test_a_ledger_that_holds_exits_0_and_says_what_there_is(person):
    code, said, complaints = verify()
    assert (code, complaints) == (0, "")
    assert "8 entries" in said
    assert "The ledger holds." in said


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE ledger_leg SET amount = amount + 1 WHERE id = %s", "Entry first"),
        ("UPDATE ledger_leg SET balance = balance - 1 WHERE id = %s", "Entry first"),
        ("UPDATE ledger_leg SET number = 9 WHERE id = %s", "Entry first"),
        ("DELETE FROM ledger_leg WHERE id = %s", "Entry first"),
    ],
)
def test_one_leg_changed_by_hand_is_found_and_its_entry_named(person, statement, named):
    leg = Leg.objects.get(entry__key="first", account__kind="available")
    by_hand(statement, leg.pk)
    code, _said, complaints = verify()
    assert code == 1
    assert named in complaints


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET reason = 'Another.' WHERE key = 'first'",
        "UPDATE ledger_entry SET points = 31 WHERE key = 'first'",
        "UPDATE ledger_entry SET kind = 'release' WHERE key = 'first'",
        "UPDATE ledger_entry SET reverses_id = NULL WHERE key = 'back'",
    ],
)
def test_an_entry_changed_by_hand_is_found(person, statement):
    by_hand(statement)
    named = statement.rpartition("'")[0].rpartition("'")[2]
    code, _said, complaints = verify()
    assert code == 1
    assert f"Entry {named}" in complaints


def test_a_change_that_keeps_all_sums_is_found_by_its_seal(person):
    by_hand(
        "UPDATE ledger_leg SET amount = CASE WHEN amount < 0 THEN -29 ELSE 29 END"
        " WHERE entry_id = (SELECT id FROM ledger_entry WHERE key = 'first')"
    )
    assert "Entry first is not what was written" in verify()[2]


def test_holds_escrows_and_triggers_are_looked_at(person):
    Hold.objects.all().delete()
    PointsAccount.objects.filter(kind="escrow").update(closed_at=clock.now())
    triggers.remove()
    administrator = make_administrator()
    with pytest.raises(proof.LedgerDoesNotHold):
        prove_ledger()
    assert Notice.objects.get(kind="ledger-fault").account == administrator
    complaints = verify()[2]
    triggers.install()
    assert "holds 20 points, and 0 wait" in complaints
    assert "ledger_leg_follows is missing" in complaints


def test_a_closed_escrow_holds_nothing():
    engagement = make_funded(100)
    PointsAccount.objects.filter(kind="escrow", engagement=engagement).update(closed_at=clock.now())
    assert "is closed and still holds 100" in verify()[2]


def test_each_point_of_one_person_is_explained(person):
    code, said, _complaints = verify("--account", person.public_id)
    assert code == 0
    assert f"{person.public_id}: 25 to spend, 20 held." in said
    assert "Spent; -5 to spend; leaves 35" in said
    assert "because: Copied." in said
    assert said.count("; entry ") == Entry.objects.filter(person=person).count()
    with pytest.raises(CommandError):
        verify("--account", "nobody")


def test_points_of_two_persons_that_are_one_are_explained_of_both(person):
    keep = make_account().person
    earn(engagement=make_funded(10), person=keep, points=10, key="own")
    merge_persons(keep=keep, gone=person, by="system")
    entries = Entry.objects.filter(person__in=[keep, person]).count()
    for asked in (keep, person):
        said = verify("--account", asked.public_id)[1]
        assert f"{keep.public_id}: 35 to spend, 20 held." in said
        own, joined = said.split(f"{person.public_id}, merged into {keep.public_id}:")
        assert "+25 to spend; +20 held; leaves 35" in own
        assert "Spent; -5 to spend; leaves 35" in joined
        assert said.count("; entry ") == entries == 7
