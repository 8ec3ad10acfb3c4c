"""Verifying at a counter, and making two persons one when they turn out to be (decision 5)."""

import re
import unicodedata

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import merging, persons, policies
from accounts.keys import person_key
from accounts.models import Account, Level, Person
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid, Refused
from core.text import clean_text

COUNTER = "counter"
SUBJECT_MAXIMUM = 80
SUBJECT_MINIMUM = 4
_NOT_PART = re.compile(r"[\W_]+")


def clean_subject(value: object) -> str:
    """What was read from a document, in the one form its key is made of.

    ``a123456(7)``, ``A 123456-7`` and full-width digits are the same document. It is used for the
    key and then forgotten. Raises ``Invalid``.
    """
    text = clean_text(value, max_length=SUBJECT_MAXIMUM, field="subject", multiline=False)
    plain = _NOT_PART.sub("", unicodedata.normalize("NFKC", text).upper())
    if len(plain) < SUBJECT_MINIMUM:
        raise Invalid(_("Enter the document's number."), field="subject", code="subject_short")
    return plain


@transaction.atomic
def verify_person(*, by: Account | str, account: Account, subject: str) -> Person:
    """Confirm at a counter that the account is the person of a document, of which only a keyed
    hash is kept. Returns the person the account belongs to now.

    When the document's person is known already, the account moves to it and double votes are
    settled. The key of the e-mail goes on leading to the person, so that closing the account and
    opening it again gives no second vote. The same document again changes nothing.

    Raises ``Refused`` for who may not (nobody verifies themselves), ``Invalid`` for the subject,
    ``Conflict`` when the account is verified as somebody else.
    """
    policies.require_people_manager(by)
    if isinstance(by, Account):
        if by.pk == account.pk or by.person_id == account.person_id:
            raise Refused(_("Nobody verifies themselves. Ask a colleague."), code="own_person")
        limits.spend("verify_person", by.public_id)
    key = person_key(COUNTER, clean_subject(subject))
    known = persons.person_with_key(key)
    # Persons in the order of their numbers, as merging them takes them, and then the account.
    for pk in sorted({account.person_id, *([known.pk] if known else [])}):
        persons.lock_person_numbered(pk)
    person, account = persons.lock_with_account(account)
    known = persons.person_with_key(key, lock=True)
    if known is not None and known.pk == person.pk:
        return person
    if person.level == Level.VERIFIED:
        raise Conflict(
            _("This account is verified already, by another document."), code="verified_otherwise"
        )
    if known is not None:
        return merge_persons(keep=known, gone=person, by=by)
    email_key = person.person_key
    person.person_key = key
    person.level = Level.VERIFIED
    person.save(update_fields=["person_key", "level"])
    rows = [person]
    if email_key:
        rows.append(
            Person.objects.create(
                person_key=email_key, level=Level.EMAIL, merged_into=person, created_at=clock.now()
            )
        )
    audit.record("person.verify", actor=by, subject=person.public_id, rows=rows)
    return person


@transaction.atomic
def merge_persons(*, keep: Person, gone: Person, by: Account | str) -> Person:
    """Move everything of ``gone`` to ``keep``; ``gone`` stays as a row that leads there.

    Rooms settle what both have (``accounts.merging``): of two votes the earliest stands. Raises
    ``Invalid`` when either has been merged already or both are one.
    """
    policies.require_people_manager(by)
    locked = {
        row.pk: row
        # Without their keys: whoever just wrote something of theirs need not wait at the commit.
        for row in Person.objects.select_for_update(no_key=True)
        .filter(pk__in=[keep.pk, gone.pk])
        .order_by("pk")
    }
    if len(locked) < 2 or any(row.merged_into_id for row in locked.values()):
        raise Invalid(_("These two cannot be made one person."), code="merge_impossible")
    keep, gone = locked[keep.pk], locked[gone.pk]
    merging.settle_all(keep=keep, gone=gone)
    keep.level = max(keep.level, gone.level)
    if gone.erased_at is None:
        keep.erased_at = None
    keep.save(update_fields=["level", "erased_at"])
    gone.merged_into = keep
    gone.save(update_fields=["merged_into"])
    moved = list(Account.objects.select_for_update().filter(person=gone).order_by("pk"))
    for account in moved:
        account.person = keep
        account.save(update_fields=["person"])
    # One step from every key to the living person, however many merges there were.
    earlier = list(
        Person.objects.select_for_update(no_key=True).filter(merged_into=gone).order_by("pk")
    )
    for row in earlier:
        row.merged_into = keep
        row.save(update_fields=["merged_into"])
    audit.record(
        "person.merge", actor=by, subject=keep.public_id, rows=[keep, gone, *earlier, *moved]
    )
    return keep
