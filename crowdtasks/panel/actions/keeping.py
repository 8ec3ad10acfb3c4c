"""How long what volunteers said is kept, and what becomes of it when persons merge or go."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from accounts.models import Account, Person
from accounts.persons import everything_of, lock_person
from core import audit, clock
from core.each import each
from crowdtasks.panel.actions.answering import settle_invitations
from crowdtasks.panel.actions.volunteering import forget_volunteers
from crowdtasks.panel.models import Volunteer
from crowdtasks.panel.rules import KEPT, TOLD
from notifications.actions import notify


def tell_before_erasing(*, limit: int = 200) -> int:
    """Tell volunteers who have not looked at it for long that it will be erased; how many."""
    late = Volunteer.objects.filter(saved_at__lte=clock.now() - KEPT + TOLD, told_at=None)
    keys = list(late.order_by("saved_at").values_list("pk", flat=True)[:limit])
    return sum(each(keys, _tell))


@transaction.atomic
def _tell(key: int) -> bool:
    row = Volunteer.objects.select_for_update().filter(pk=key, told_at=None).first()
    if row is None:
        return False
    row.told_at = clock.now()
    row.save(update_fields=["told_at"])
    notify(
        kind="volunteer-ends",
        event_key=f"volunteer-ends:{row.public_id}:{row.saved_at.timestamp():.0f}",
        to=Account.objects.filter(person=row.person_id, is_active=True),
        # Nobody loses it before they could read that they will.
        params={"until": max(row.kept_until, row.told_at + TOLD)},
        path=reverse("panel:own"),
    )
    return True


def erase_old(*, limit: int = 200) -> int:
    """Erase what nobody looked at for ``rules.KEPT`` and was told about in time; how many."""
    now = clock.now()
    old = Volunteer.objects.filter(saved_at__lte=now - KEPT, told_at__lte=now - TOLD)
    found = list(old.select_related("person").order_by("saved_at")[:limit])

    @transaction.atomic
    def erase(row: Volunteer) -> int:
        person = lock_person(row.person)
        if not old.filter(pk=row.pk, person=person).exists():
            return 0
        return int(forget_volunteers(persons=[person.pk], actor=audit.SYSTEM))

    return sum(each(found, erase))


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Of two profiles of one person the one saved last stands; so does one invitation a draw."""
    rows = list(
        Volunteer.objects.select_for_update().filter(person__in=[keep, gone]).order_by("saved_at")
    )
    for row in rows[:-1]:
        audit.record("volunteer.erase", actor=keep, subject=row.public_id, rows=[row])
        row.delete()
    for row in rows[-1:]:
        row.person = keep
        row.save(update_fields=["person"])
    settle_invitations(keep=keep, gone=gone)


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """Whose last account closes is no volunteer any more."""
    if not last:
        return
    forget_volunteers(persons=everything_of(account.person), actor=account.person)
