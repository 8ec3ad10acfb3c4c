"""Co-authors: invited by e-mail, seated by their own acceptance, and how a seat ends.

The mail quotes nothing of the idea, so that nobody's box is filled with a stranger's words; the
idea is shown to the invited address alone, once it is signed in.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.keys import token_hash
from accounts.models import Account, Person
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import Closed, Conflict, Invalid, Refused
from core.text import canonical_email
from ideas.actions.locking import lock_ideas
from ideas.actions.telling import tell_coauthor_change, tell_invited
from ideas.authors import invitation_gone
from ideas.models import CoAuthor, Idea
from ideas.policies import can_invite_coauthors
from participation import live
from participation.actions.comments import author_name
from participation.policies import can, require

INVITATION_LIFE = dt.timedelta(days=14)
#: Co-authors of one idea, those who are still invited among them.
MOST = 5


@transaction.atomic
def invite_coauthor(
    *, idea: Idea, email: str, person: Person, account: Account, language: str
) -> CoAuthor:
    """Invite an address to write an idea too; the mail holds the only copy of the secret.

    The same address again gets a new link and the older one ends. Raises Refused for who is not
    the author, Closed once the idea can no longer be written on, Invalid for the address, the own
    one, and a sixth; TooMany.
    """
    (idea,) = lock_ideas(idea)
    now = clock.now()
    require(can_invite_coauthors(idea, person, now))
    limits.spend("coauthor_invite", person.public_id)
    address = clean_email(email)
    canonical = canonical_email(address)
    if person.accounts.filter(email_canonical=canonical).exists():
        raise Invalid(_("This is your own address."), field="email", code="own")
    rows = CoAuthor.objects.select_for_update().filter(idea=idea)
    for older in rows.waiting(now).filter(email_canonical=canonical):
        _end(older, account, "idea.coauthor_withdraw")
    if rows.seated().count() + rows.waiting(now).count() >= MOST:
        raise Invalid(
            _("An idea has at most %(most)d co-authors.") % {"most": MOST},
            field="email",
            code="too_many",
        )
    token = secrets.token_urlsafe(32)
    seat = CoAuthor.objects.create(
        idea=idea,
        author=person,
        email=address,
        email_canonical=canonical,
        token_hash=token_hash(token),
        invited_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    _record("idea.coauthor_invite", account, seat)
    tell_invited(seat, token, by=account.display_name, language=language)
    return seat


@transaction.atomic
def accept_coauthor(*, seat: CoAuthor, account: Account, display_name: str = "") -> CoAuthor:
    """Take the seat with an account of the very address that was invited; its author is told.

    Raises Refused for any other account, and then nothing changes; Absent when the invitation was
    used, taken back or has expired meanwhile; Conflict for who is author or co-author already;
    Closed and Refused by policy, as for handing in an idea; Invalid for the name; TooMany.
    """
    limits.spend("invitation_accept", account.public_id)
    (idea,) = lock_ideas(seat.idea)
    now, person = clock.now(), account.person
    found = CoAuthor.objects.select_for_update(of=("self",)).waiting(now).filter(pk=seat.pk).first()
    if found is None:
        raise invitation_gone()
    if found.email_canonical != account.email_canonical or account.email_confirmed_at is None:
        raise Refused(
            _(
                "This invitation is for another e-mail address. "
                "Sign in with the address it was sent to."
            ),
            code="wrong_account",
        )
    if idea.contribution.person_id == person.pk:
        raise Conflict(_("You are the author of this idea already."), code="author")
    if CoAuthor.objects.seated().filter(idea=idea, person=person).exists():
        raise Conflict(_("You are a co-author of this idea already."), code="coauthor")
    require(can("submit", engagement=idea.engagement, person=person, now=now))
    if idea.contribution.state in {"withdrawn", "withheld"}:
        raise Closed(_("This idea can no longer be changed."), code="settled")
    account.display_name = author_name(person, account, display_name)
    found.person, found.account, found.accepted_at = person, account, now
    found.settle()
    found.save()
    found.idea = idea
    _record("idea.coauthor_accept", account, found)
    tell_coauthor_change(found, "joined")
    live.changed(idea.engagement)
    return found


@transaction.atomic
def end_coauthor(*, seat: CoAuthor, person: Person, account: Account) -> CoAuthor:
    """Leave an idea; or, for its author, take an invitation back or a co-author's seat away.

    Leaving and taking back have no deadline. A co-author is removed only while the idea can be
    written on, so that nobody loses the credit once ideas are judged. A second call does nothing.
    Raises Refused for everybody else, Closed by policy, TooMany.
    """
    (idea,) = lock_ideas(seat.idea)
    found = (
        CoAuthor.objects.select_for_update(of=("self",)).select_related("account").get(pk=seat.pk)
    )
    found.idea = idea
    limits.spend("coauthor_change", person.public_id)
    leaves = found.person_id == person.pk
    if found.ended_at is not None:
        return found
    if leaves:
        _end(found, account, "idea.coauthor_leave")
        tell_coauthor_change(found, "left")
    elif idea.contribution.person_id == person.pk and found.person_id is None:
        _end(found, account, "idea.coauthor_withdraw")
    else:
        require(can_invite_coauthors(idea, person, clock.now()))
        _end(found, account, "idea.coauthor_remove")
        tell_coauthor_change(found, "removed")
    live.changed(idea.engagement)
    return found


def _end(seat: CoAuthor, by: Account | Person | str, verb: str) -> None:
    seat.ended_at = clock.now()
    seat.settle()
    seat.save()
    _record(verb, by, seat)


def _record(verb: str, by: Account | Person | str, seat: CoAuthor) -> None:
    audit.record(
        verb,
        actor=by,
        engagement_id=seat.idea.engagement.public_id,
        subject=seat.public_id,
        rows=[seat],
    )


@transaction.atomic
def sweep_invitations() -> int:
    """End invitations that nobody accepted in time, with their addresses; returns how many."""
    rows = CoAuthor.objects.select_for_update(of=("self",)).filter(
        person=None, ended_at=None, expires_at__lte=clock.now()
    )
    found = list(rows.select_related("idea__engagement"))
    for seat in found:
        _end(seat, audit.SYSTEM, "idea.coauthor_expire")
    return len(found)


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Seats of a person that turned out to be another one are that one's.

    Who would be both author and co-author, or co-author twice, keeps the first.
    """
    related = ("idea__engagement", "idea__contribution")
    for seat in CoAuthor.objects.filter(author=gone).select_related(*related):
        if seat.person_id == keep.pk and seat.ended_at is None:
            _end(seat, audit.SYSTEM, "idea.coauthor_merge")
        seat.author = keep
        seat.save(update_fields=["author"])
    for seat in CoAuthor.objects.filter(person=gone).select_related(*related):
        others = CoAuthor.objects.seated().filter(idea=seat.idea, person=keep)
        if seat.ended_at is None and (seat.author_id == keep.pk or others.exists()):
            _end(seat, audit.SYSTEM, "idea.coauthor_merge")
        seat.person = keep
        seat.save(update_fields=["person"])


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """With the last account of a person its seats end, and the invitations it sent."""
    if not last:
        return
    own = CoAuthor.objects.seated().filter(person=account.person)
    sent = CoAuthor.objects.filter(author=account.person, person=None, ended_at=None)
    for rows in (own, sent):
        for seat in rows.select_related("idea__engagement"):
            _end(seat, account.person, "idea.coauthor_leave")
