import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts import merging, persons
from accounts.actions import close_account, merge_persons, open_account, verify_person
from accounts.actions.verification import clean_subject
from accounts.keys import person_key
from accounts.models import Level, Person
from core import audit
from core.exceptions import Conflict, Invalid, Refused
from core.models import AuditEntry
from tests.factories.accounts import make_account, make_administrator, make_officer

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def settled():
    """A room that settles; what it was told."""
    told: list[tuple[int, int]] = []

    def settle(*, keep, gone):
        told.append((keep.pk, gone.pk))

    merging.register("tests", settle)
    yield told
    merging.unregister("tests")


def proven() -> bool:
    return audit.verify().ok


def test_verifying_raises_the_level_and_keeps_no_number():
    account, administrator = make_account(), make_administrator()
    before = account.person_id
    person = verify_person(by=administrator, account=account, subject="A123456(7)")
    assert person.pk == before
    assert person.level == Level.VERIFIED
    assert person.person_key == person_key("counter", "A1234567")
    entry = AuditEntry.objects.get(verb="person.verify")
    assert entry.actor == administrator.public_id
    for row in Person.objects.values():
        assert not any(
            "123456" in str(value) for value in row.values() if value != row["person_key"]
        )
    assert "123456" not in str([entry.rows, entry.subject, entry.batch])


@pytest.mark.parametrize(
    "typed", ["A123456(7)", "a 123456-7", "Ａ１２３４５６（７）", " A1234567 ", "A/123456/7"]
)
def test_one_document_has_one_form(typed):
    assert clean_subject(typed) == "A1234567"


@pytest.mark.parametrize("typed", ["", "()", "A1", "\x00A123456", "A" * 81, None, 7])
def test_what_cannot_be_a_number_is_refused(typed):
    account = make_account()
    with pytest.raises(Invalid):
        verify_person(by="system", account=account, subject=typed)
    account.person.refresh_from_db()
    assert account.person.level == Level.EMAIL


def test_two_accounts_of_one_person_become_one_and_rooms_settle(settled):
    first, second, other = make_account(), make_account(), make_account()
    keep = verify_person(by="system", account=first, subject="A1234567")
    gone = second.person_id
    assert verify_person(by="system", account=second, subject="a123456(7)").pk == keep.pk
    second.refresh_from_db()
    assert second.person_id == keep.pk
    assert settled == [(keep.pk, gone)]
    assert Person.objects.get(pk=gone).merged_into_id == keep.pk
    assert verify_person(by="system", account=other, subject="B7654321").pk != keep.pk
    assert proven()


def test_the_same_document_again_changes_nothing(settled):
    account = make_account()
    person = verify_person(by="system", account=account, subject="A1234567")
    entries = AuditEntry.objects.count()
    assert verify_person(by="system", account=account, subject="A1234567").pk == person.pk
    assert AuditEntry.objects.count() == entries
    assert settled == []


def test_a_verified_account_cannot_become_somebody_else():
    account, other = make_account(), make_account()
    verify_person(by="system", account=account, subject="A1234567")
    verify_person(by="system", account=other, subject="B7654321")
    for subject in ("B7654321", "C1111111"):
        with pytest.raises(Conflict):
            verify_person(by="system", account=account, subject=subject)


def test_a_settlement_that_fails_undoes_everything():
    first, second = make_account(), make_account()
    verify_person(by="system", account=first, subject="A1234567")
    before = second.person_id

    def refuse(*, keep, gone):
        raise RuntimeError("Votes could not be settled.")

    merging.register("tests", refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            verify_person(by="system", account=second, subject="A1234567")
    finally:
        merging.unregister("tests")
    second.refresh_from_db()
    assert second.person_id == before
    assert second.person.level == Level.EMAIL
    assert Person.objects.get(pk=before).merged_into_id is None


def test_only_administrators_verify_and_never_themselves():
    citizen, officer, administrator = make_account(), make_officer(), make_administrator()
    for by in (citizen, officer, administrator):
        target = administrator if by is administrator else make_account()
        with pytest.raises(Refused):
            verify_person(by=by, account=target, subject="A1234567")
        target.person.refresh_from_db()
        assert target.person.level == Level.EMAIL


def test_closing_and_coming_back_is_the_same_person(settled):
    """V18: neither a new e-mail person nor a second vote, before and after verifying."""
    plain = make_account("plain@people.example")
    verified = make_account("verified@people.example")
    person = verify_person(by="system", account=verified, subject="A1234567")
    for account, before in ((plain, plain.person_id), (verified, person.pk)):
        email = account.email
        close_account(account=account)
        assert Person.objects.get(pk=before).erased_at is not None
        again = open_account(email=email.upper())
        assert again.person_id == before
        assert Person.objects.get(pk=before).erased_at is None
    assert Person.objects.get(pk=person.pk).level == Level.VERIFIED
    assert proven()


def test_every_key_leads_to_the_living_person_in_one_step(settled):
    people = [make_account(f"p{number}@people.example").person for number in range(4)]
    merge_persons(keep=people[1], gone=people[0], by="system")
    merge_persons(keep=people[2], gone=people[1], by="system")
    merge_persons(keep=people[3], gone=people[2], by="system")
    for number in range(4):
        key = person_key("email", f"p{number}@people.example")
        assert persons.person_with_key(key).pk == people[3].pk
    assert Person.objects.filter(merged_into=people[3]).count() == 3
    with pytest.raises(Invalid):
        merge_persons(keep=people[3], gone=people[0], by="system")
    with pytest.raises(Invalid):
        merge_persons(keep=people[3], gone=people[3], by="system")
    assert proven()


def test_the_command_verifies_and_says_what_is_wrong(capsys):
    account = make_account("someone@people.example")
    call_command("verify_person", "Someone@people.example", "A123456(7)")
    account.person.refresh_from_db()
    assert account.person.level == Level.VERIFIED
    assert account.person.public_id in capsys.readouterr().out
    for email, subject in (
        ("nobody@people.example", "A1234567"),
        ("no address", "A1234567"),
        ("someone@people.example", "?"),
        ("someone@people.example", "B7654321"),
    ):
        with pytest.raises(CommandError):
            call_command("verify_person", email, subject)
