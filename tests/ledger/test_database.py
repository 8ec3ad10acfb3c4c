"""What the databases refuse by themselves, past every action (P4, P6, P7)."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from crowdtasks.ledger import triggers
from crowdtasks.ledger.models import AccountKind, Entry, Leg, PointsAccount
from tests.factories.accounts import make_account, make_bureau
from tests.factories.ledger import give, key

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def entry() -> Entry:
    return give(make_account(), 30)


def add_entry(**fields) -> Entry:
    given = {"key": key(), "kind": "earn", "points": 1, "digest": "0" * 64, "at": clock.now()}
    return Entry.objects.create(**given | fields)


def add_leg(entry: Entry, account: PointsAccount, amount: int, **fields) -> Leg:
    """A leg that follows the account's last one, but for what ``fields`` say."""
    last = Leg.objects.filter(account=account).order_by("number").last()
    number, balance, credited = (last.number, last.balance, last.credited) if last else (0, 0, 0)
    given = {
        "number": number + 1,
        "balance": balance + amount,
        "credited": credited + max(amount, 0),
        "at": entry.at,
    }
    return Leg.objects.create(entry=entry, account=account, amount=amount, **given | fields)


def commit() -> None:
    """What PostgreSQL does when a transaction commits; SQLite has nothing to do then."""
    connection.check_constraints()


@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.parametrize("model", [Entry, Leg])
def test_nothing_is_changed_or_deleted(entry, model, change):
    rows = model.objects.all()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows.update(at=clock.now() + dt.timedelta(1)) if change == "update" else rows._raw_delete(
            "default"
        )
    with pytest.raises(TypeError):
        getattr(rows.first(), "save" if change == "update" else "delete")()


@pytest.mark.parametrize(
    "wrong",
    [{"number": 3}, {"number": 1}, {"balance": 2}, {"balance": 1_000}, {"credited": 0}],
)
def test_a_leg_follows_the_last_one_of_its_account(entry, wrong):
    """P6 and more: no gap, no balance that the legs do not make."""
    account = PointsAccount.objects.get(kind=AccountKind.AVAILABLE)
    with pytest.raises(IntegrityError, match="follows the last one"), transaction.atomic():
        add_leg(add_entry(), account, 1, **wrong)


def test_a_balance_below_zero_is_refused(entry):
    account = PointsAccount.objects.get(kind=AccountKind.AVAILABLE)
    with pytest.raises(IntegrityError, match="ledger_leg_not_negative"), transaction.atomic():
        add_leg(add_entry(), account, -31)


@pytest.mark.parametrize("amount", [0, 10**12, -(10**12)])
def test_an_amount_is_bounded_and_not_nothing(entry, amount):
    source = PointsAccount.objects.get(kind=AccountKind.SOURCE)
    with pytest.raises(IntegrityError, match="ledger_leg_amount"), transaction.atomic():
        add_leg(add_entry(), source, amount)


def test_an_account_has_just_the_holder_of_its_kind_and_there_is_one(entry):
    person, bureau = make_account().person, make_bureau()
    for wrong in (
        {"kind": "budget"},
        {"kind": "budget", "bureau": bureau, "person": person},
        {"kind": "available", "bureau": bureau},
        {"kind": "forfeited", "person": person},
        {"kind": "source"},
        {"kind": "pending", "person": person, "closed_at": clock.now()},
        {"pk": 0, "kind": "forfeited"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PointsAccount.objects.create(**wrong)
    PointsAccount.objects.create(kind="available", person=person)
    PointsAccount.objects.create(kind="forfeited")
    for again in ({"kind": "available", "person": person}, {"kind": "forfeited"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PointsAccount.objects.create(**again)


def test_two_names_are_two_people_and_neither_is_the_holder():
    """P11."""
    one, other = make_account().person, make_account().person
    for wrong in (
        {"by": one, "second": one},
        {"second": one},
        {"by": one, "person": one},
        {"by": one, "second": other, "person": other},
    ):
        with pytest.raises(IntegrityError, match="ledger_entry"), transaction.atomic():
            add_entry(**wrong)


def test_one_entry_is_reversed_once_and_a_key_used_once(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        add_entry(key=entry.key)
    with transaction.atomic():
        add_entry(kind="take_back", reverses=entry)
        with pytest.raises(IntegrityError), transaction.atomic():
            add_entry(kind="take_back", reverses=entry)
        transaction.set_rollback(True)


def test_triggers_that_went_are_made_again():
    """SQLite loses them when a migration makes the table anew; every migrate puts them back."""
    triggers.remove()
    assert set(triggers.missing()) == set(triggers.wanted())
    triggers.after_migrate()
    assert triggers.missing() == []
