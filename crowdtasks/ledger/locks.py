"""In which order rows are locked here. Whoever locks two of these keeps to it, or two deadlock.

1.  **Persons**, those of one act by their numbers (``accounts.persons.lock_person``), and then
    their sign-in accounts. Merging two persons and closing an account hold them from the beginning
    and then want the persons' rows, so nobody who holds a row may wait for a person any more. What
    is of somebody is locked by ``lock_owned``; an act that knows its person locks it before
    anything else, also before the entry of the register that it is about.
2.  **Entries of the register and drafts** (participation, questionnaires).
3.  **What is asked**: the questionnaire before the campaign or round that it belongs to. Where only
    what others do not point to changes, with ``no_key``, so that who points to it does not wait.
4.  **Draws**, by their numbers and all that one act needs before the first place is filled; then
    invitations, sessions, bookings; the turn of drawing (``panel.drawing.take_turn``) last.
5.  **Rows of somebody**: tries, claims, awards, redemptions, proposals. Of findings the product
    first, then the findings by their numbers. After a redemption its unit or its batch.
6.  **Accounts of the ledger**, by their numbers (``actions.books.open_books``), but for the
    one escrow that joins open books as the last of all.

Rows that are only pointed to are locked as well (PostgreSQL holds the key of what a foreign key
names), which is why a draft's beginning meets a publication. What still meets the wrong way round
is broken by the database and done again by ``core.again`` (ADR 57). SQLite writes one transaction
at a time and has no order to keep.
"""

from __future__ import annotations

from typing import Any

from accounts.persons import lock_person_numbered


def lock_owned(rows: Any, pk: int, *, skip_locked: bool = False) -> Any:
    """The row of ``rows`` with that number, locked after the person it is of; None for none.

    ``rows`` are of a model with a ``person``. With ``skip_locked`` a row that somebody else holds
    is None as well. The row is read after the person is held: until the transaction ends it is
    nobody else's, and whoever was merged meanwhile is followed.
    """
    while True:
        found = rows.filter(pk=pk).values_list("person", flat=True)[:1]
        if not (persons := list(found)):
            return None
        (person,) = persons
        if person is not None:
            lock_person_numbered(person)
        locked = rows.select_for_update(of=("self",), skip_locked=skip_locked)
        # It may have become another's while the person was waited for: then from the beginning.
        row = locked.filter(pk=pk, person=person).first()
        if row is not None or skip_locked:
            return row
