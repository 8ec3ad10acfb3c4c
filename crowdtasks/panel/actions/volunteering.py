"""Volunteering, changing what one said, leaving. Nobody does it for somebody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.persons import lock_person
from core import audit, clock, limits
from core.exceptions import Invalid
from crowdtasks.panel.actions.answering import end_of_persons
from crowdtasks.panel.facets import AGES, ASSISTIVE, DEVICES, DISTRICTS, LANGUAGES, Words
from crowdtasks.panel.models import Volunteer
from crowdtasks.panel.policies import refuse_volunteering


@transaction.atomic
def save_volunteer(
    *,
    person: Person,
    age: str,
    devices: Iterable[str],
    district: str = "",
    languages: Iterable[str] = (),
    assistive: Iterable[str] = (),
) -> Volunteer:
    """Volunteer, or change what was said; either keeps it for another ``rules.KEPT``.

    Raises Invalid (fields 'age', 'devices', 'district', 'languages', 'assistive'), Refused for a
    throw-away address, TooMany.
    """
    limits.spend("volunteer", person.public_id)
    refuse_volunteering(person)
    if age not in AGES:
        raise Invalid(_("Choose your age group."), field="age")
    if district and district not in DISTRICTS:
        raise Invalid(_("Choose a district from the list."), field="district")
    kept = {
        "devices": _known(devices, DEVICES, "devices"),
        "languages": _known(languages, LANGUAGES, "languages"),
        "assistive": _known(assistive, ASSISTIVE, "assistive"),
    }
    if not kept["devices"]:
        raise Invalid(_("Choose at least one device that you use."), field="devices")
    # One person's presses come one after the other.
    person = lock_person(person)
    now = clock.now()
    row = Volunteer.objects.filter(person=person).first()
    verb = "volunteer.change" if row else "volunteer.join"
    row = row or Volunteer(person=person, joined_at=now)
    row.age, row.district = age, district
    row.devices, row.languages, row.assistive = kept.values()
    row.saved_at, row.told_at = now, None
    row.save()
    audit.record(verb, actor=person, subject=row.public_id, rows=[row])
    return row


def _known(chosen: Iterable[str], words: Words, field: str) -> list[str]:
    """The keys in the order of the list, each once."""
    found = set(chosen)
    if found - set(words):
        raise Invalid(_("Choose from the list."), field=field)
    return [key for key in words if key in found]


@transaction.atomic
def leave_panel(*, person: Person) -> bool:
    """Erase what the person said; returns whether there was anything. Raises TooMany."""
    limits.spend("volunteer", person.public_id)
    person = lock_person(person)
    return forget_volunteers(persons=[person.pk], actor=person)


def forget_volunteers(*, persons: Collection[int], actor: object) -> bool:
    """Erase a profile; called in the transaction of whoever leaves, closes an account or is late,
    which holds the person. ``persons``: the numbers of all that turned out to be one.

    No limit: every caller has its own.
    """
    rows = list(Volunteer.objects.select_for_update().filter(person__in=persons).order_by("pk"))
    for row in rows:
        audit.record("volunteer.erase", actor=actor, subject=row.public_id, rows=[row])
        row.delete()
    # Only now, or whoever leaves could be drawn for their own place.
    end_of_persons(persons=persons, actor=actor)
    return bool(rows)
