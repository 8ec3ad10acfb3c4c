"""Codes that could be guessed are refused unless the supplier is said to guard them (P9)."""

from __future__ import annotations

import secrets

import pytest

from core import audit
from crowdtasks.rewards.actions.stock import Unsound, import_codes
from crowdtasks.rewards.codes_csv import Fault, read_codes
from crowdtasks.rewards.guessing import BITS, bits_of
from crowdtasks.rewards.models import Batch, Unit
from tests.factories import rewards as make


def faults(*codes: str, guarded: bool = False) -> set[Fault]:
    found = read_codes("\n".join(codes).encode(), lambda digests: set(), guarded=guarded)
    return {line.fault for line in found.faults}


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("1234567890123456789012345", True),
        ("123456789012345678901234", False),
        ("0123456789ABCDEF0123", True),
        ("0123-4567-89AB-CDEF-012", False),
        ("WXYZ-0123-4567-89AB", True),
        ("WXYZ-0123-4567-89A", False),
        ("aB3dE5gH7jK9mN", True),
        ("ABC123", False),
    ],
)
def test_what_a_code_can_hold_is_counted_by_its_signs(text, enough):
    assert (bits_of(text) >= BITS) is enough


def test_what_all_codes_begin_with_is_not_random():
    long = "SUPERMARKET-VOUCHER-2026-"
    assert faults(*(f"{long}{number:06d}" for number in range(5))) == {Fault.GUESSABLE}
    assert faults(*(f"{long}{secrets.token_hex(10).upper()}" for _each in range(5))) == set()
    assert faults(f"A-{secrets.token_hex(10)}", "SHORT-0001") == {Fault.GUESSABLE}
    assert faults("SHORT-0001", "SHORT-0002", guarded=True) == set()
    assert faults("ABC12", guarded=True) == {Fault.TOO_SHORT}


@pytest.mark.db
@pytest.mark.django_db
def test_whoever_says_that_the_supplier_guards_them_is_kept_with_the_batch(manager):
    row = make.make_reward(stock=0, offered=False)
    short = b"SHORT-0001\nSHORT-0002\n"
    with pytest.raises(Unsound) as refused:
        import_codes(reward=row, content=short, by=manager)
    assert [line.fault for line in refused.value.found.faults] == [Fault.GUESSABLE] * 2
    assert not Unit.objects.filter(reward=row).exists()
    batch, _found = import_codes(reward=row, content=short, by=manager, guarded=True)
    assert (batch.count, batch.guarded, batch.by) == (2, True, manager)
    assert audit.verify().ok
    Batch.objects.filter(pk=batch.pk).update(guarded=False)
    assert not audit.verify().ok
