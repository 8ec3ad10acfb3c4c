"""P6: legs that do not sum to zero. SQLite defers no trigger: there the action checks and
``verify_ledger`` finds it, so this module is not one of both databases."""

import pytest
from django.db import IntegrityError, transaction

from crowdtasks.ledger.models import AccountKind, Entry, PointsAccount
from tests.factories.accounts import make_account
from tests.factories.ledger import give
from tests.ledger.test_database import add_entry, add_leg, commit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.only_on("postgresql", reason="SQLite defers no trigger."),
]


def test_a_transaction_whose_legs_do_not_sum_to_zero_cannot_commit():
    give(make_account(), 30)
    account = PointsAccount.objects.get(kind=AccountKind.AVAILABLE)
    commit()

    def one_more_leg() -> None:
        add_leg(Entry.objects.get(kind="grant"), account, 1)
        commit()

    def one_leg() -> None:
        add_leg(add_entry(), account, 1)
        commit()

    def none() -> None:
        add_entry()
        commit()

    for write in (one_more_leg, one_leg, none):
        with pytest.raises(IntegrityError, match="not to zero"), transaction.atomic():
            write()
