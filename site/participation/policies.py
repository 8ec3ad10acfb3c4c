"""Who may do what on an engagement, now. Time is part of permission (decision 4).

Every predicate answers a ``Verdict``: allowed or not, a code for machines, a sentence for people,
and whether signing in would help. ``require`` turns a refusal into the error actions raise.
An unknown verb raises, it never quietly refuses.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Level, Person, Role
from accounts.policies import has_role
from core.exceptions import Absent, Closed, Refused, SignInNeeded
from moderation.policies import moderates_for
from participation import kinds
from participation.models import Attachment, Contribution, Engagement, Phase, ResultsFrom
from participation.stages import Stage, published_outcome, stage

#: Verbs a phase may open. 'submit' hands in a piece of work of one's own; 'test' tells of what was
#: found while trying something.
VERBS = frozenset({"comment", "support", "statement", "vote", "answer", "submit", "test"})

#: What is handed in has an author who is asked back, and one person has one vote.
_NEVER_ANYONE = frozenset({"vote", "support", "submit"})

_SENTENCES: dict[str, str | Promise] = {
    "ok": "",
    "hidden": _("There is nothing at this address."),
    "not-open-yet": _("This has not opened yet."),
    "closed": _("This has closed. What was received before the close counts."),
    "not-part": _("This is not asked for here."),
    "sign-in": _("Confirm your e-mail to go on."),
    "level": _("This asks for a verified person."),
    "address": _(
        "This needs an address that you keep. Yours is a throw-away one: change it under My "
        "account, or be verified at a service counter."
    ),
    "not-yours": _("Only its author can do this."),
    "settled": _("This can no longer be changed."),
    "bureau": _("Only an officer of the bureau can do this."),
    "sealed": _("Results are sealed until the date the bureau stated."),
}


@dataclass(frozen=True)
class Verdict:
    """The answer of a predicate. ``would_help`` is true when signing in (or up) would allow it."""

    code: str
    needed_level: int = 0

    @property
    def allowed(self) -> bool:
        return self.code == "ok"

    @property
    def sentence(self) -> str | Promise:
        return _SENTENCES[self.code]

    @property
    def would_help(self) -> bool:
        return self.code == "sign-in"


OK = Verdict("ok")


def require(verdict: Verdict) -> None:
    """Raise what a refusal is: Absent, Closed, SignInNeeded or Refused. Nothing when allowed."""
    if verdict.allowed:
        return
    if verdict.code == "hidden":
        raise Absent
    if verdict.code in {"not-open-yet", "closed", "not-part", "settled", "sealed"}:
        raise Closed(verdict.sentence, code=verdict.code)
    if verdict.code == "sign-in":
        raise SignInNeeded(verdict.sentence, code=verdict.code)
    raise Refused(verdict.sentence, code=verdict.code)


def needed_level(verb: str, engagement: Engagement) -> int:
    """The least level for a verb here. 'Anyone' may never vote or support (decision 5)."""
    if verb not in VERBS:
        raise ValueError(f"Unknown verb: {verb!r}")
    level = int(engagement.levels.get(verb, Level.EMAIL))
    return max(level, Level.EMAIL) if verb in _NEVER_ANYONE else level


def phases_for(verb: str, engagement: Engagement) -> list[Phase]:
    """The phases that open a verb; ``engagement.phases`` may be prefetched."""
    return [phase for phase in engagement.phases.all() if verb in phase.verbs]


def _open(
    verb: str, engagement: Engagement, now: dt.datetime, begun_at: dt.datetime | None = None
) -> Verdict:
    """Whether a phase has the verb open at this instant, whoever asks.

    ``begun_at``: when a draft on the server was begun. One begun while the verb was open may be
    submitted within the engagement's stated grace; the last instant of it is already too late.
    """
    if engagement.state != "published":
        return Verdict("hidden")
    phases = phases_for(verb, engagement)
    if not phases:
        return Verdict("not-part")
    if any(phase.opens_at <= now < phase.closes_at for phase in phases):
        return OK
    grace = dt.timedelta(minutes=engagement.grace_minutes)
    if begun_at is not None and any(
        phase.opens_at <= begun_at < phase.closes_at <= now < phase.closes_at + grace
        for phase in phases
    ):
        return OK
    if any(now < phase.opens_at for phase in phases):
        return Verdict("not-open-yet")
    return Verdict("closed")


def can(
    verb: str,
    *,
    engagement: Engagement,
    person: Person | None,
    now: dt.datetime,
    begun_at: dt.datetime | None = None,
) -> Verdict:
    """Whether this person (None: nobody signed in) may do the verb here and now.

    ``engagement.phases`` may be prefetched. ``begun_at`` gives the grace of a draft that was begun
    in time (verb 'answer' alone). Raises ValueError for an unknown verb.
    """
    level = needed_level(verb, engagement)
    verdict = _open(verb, engagement, now, begun_at if verb == "answer" else None)
    if not verdict.allowed:
        return verdict
    held = person.level if person and not person.erased_at else Level.ANYONE
    if held >= level:
        return OK
    if held >= Level.EMAIL or _confirmed(person):
        # Who confirmed an address and has no level all the same has a throw-away one.
        return Verdict("level" if level > Level.EMAIL else "address", level)
    # Somebody not signed in may turn out to be verified: signing in comes first.
    return Verdict("sign-in", level)


def _confirmed(person: Person | None) -> bool:
    if person is None or person.erased_at:
        return False
    return person.accounts.filter(email_confirmed_at__isnull=False).exists()


def can_comment(*, engagement: Engagement, person: Person | None, now: dt.datetime) -> Verdict:
    return can("comment", engagement=engagement, person=person, now=now)


def can_support(*, engagement: Engagement, person: Person | None, now: dt.datetime) -> Verdict:
    return can("support", engagement=engagement, person=person, now=now)


def can_propose_statement(
    *, engagement: Engagement, person: Person | None, now: dt.datetime
) -> Verdict:
    return can("statement", engagement=engagement, person=person, now=now)


def can_vote(*, engagement: Engagement, person: Person | None, now: dt.datetime) -> Verdict:
    return can("vote", engagement=engagement, person=person, now=now)


def writes(contribution: Contribution, person: Person) -> bool:
    """Whether it is this person's, alone or together with others (``Kind.writes_too``)."""
    if contribution.person_id == person.pk:
        return True
    writes_too = kinds.find(contribution.kind).writes_too
    return writes_too is not None and writes_too(contribution, person)


def _can_change_own(
    contribution: Contribution, person: Person | None, now: dt.datetime, verb: str
) -> Verdict:
    if person is None:
        return Verdict("sign-in", Level.EMAIL)
    if not writes(contribution, person):
        return Verdict("not-yours")
    if contribution.state in {"withdrawn", "withheld"}:
        return Verdict("settled")
    verdict = _open(verb, contribution.engagement, now)
    more_time = kinds.find(contribution.kind).more_time
    if verdict.code != "closed" or more_time is None:
        return verdict
    until = more_time(contribution)
    return OK if until is not None and now < until else verdict


def can_edit_contribution(
    *, contribution: Contribution, person: Person | None, now: dt.datetime
) -> Verdict:
    """Its authors, until the close (or until the day the entry was given), unless it was withheld
    or withdrawn.
    """
    return _can_change_own(contribution, person, now, _verb_of(contribution))


def changes_until(contribution: Contribution) -> dt.datetime | None:
    """The exclusive end of the time in which its authors may change it or take it back.

    That of its own verb, which may close long before the engagement does, or the day the entry was
    given; None where no phase opens its verb.
    """
    kind = kinds.find(contribution.kind)
    ends = [phase.closes_at for phase in phases_for(kind.verb, contribution.engagement)]
    if kind.more_time is not None and (until := kind.more_time(contribution)):
        ends.append(until)
    return max(ends, default=None)


def can_withdraw_contribution(
    *, contribution: Contribution, person: Person | None, now: dt.datetime
) -> Verdict:
    """The same as editing, for who handed it in alone: until the close."""
    if person is not None and contribution.person_id != person.pk:
        return Verdict("not-yours")
    return can_edit_contribution(contribution=contribution, person=person, now=now)


def _verb_of(contribution: Contribution) -> str:
    return kinds.find(contribution.kind).verb


def can_hold_files(
    *, verb: str, engagement: Engagement, person: Person | None, now: dt.datetime
) -> Verdict:
    """Who may put files on the tray of a form: as for the verb, or if signing in would allow it."""
    verdict = can(verb, engagement=engagement, person=person, now=now)
    return OK if verdict.would_help else verdict


def can_change_files(
    *, contribution: Contribution, person: Person | None, now: dt.datetime, verb: str
) -> Verdict:
    """The entry's authors, while the verb is open, unless it was withheld or withdrawn."""
    return _can_change_own(contribution, person, now, verb)


def can_read_file(
    *, attachment: Attachment, account: Account | None, person: Person | None
) -> Verdict:
    """Who is given a clean file of an entry, besides everybody who may see a public one.

    Its authors, in any state. Moderators of the owner: unless it was withdrawn or is for the bureau
    only. Officers of the owner or a partner: what counts, public or for the bureau only.
    """
    entry = attachment.contribution
    if entry is None:
        return Verdict("hidden")
    engagement = entry.engagement
    current = attachment.version <= entry.version
    if current and entry.state == "published" and engagement.state == "published":
        return OK
    if person is not None and writes(entry, person):
        return OK
    moderated = entry.state in {"held", "published", "withheld"}
    if moderated and moderates_for(account, engagement.owner.code):
        return OK
    counts = current and entry.state in {"published", "confidential"}
    return OK if counts and is_officer_of(account, engagement) else Verdict("hidden")


def can_reply_officially(account: Account | None, engagement: Engagement) -> Verdict:
    """Officers and approvers of the owner or a partner bureau; open or closed, not on drafts."""
    if account is None:
        return Verdict("sign-in", Level.EMAIL)
    if engagement.state != "published":
        return Verdict("hidden")
    return OK if is_officer_of(account, engagement) else Verdict("bureau")


def is_officer_of(account: Account | None, engagement: Engagement) -> bool:
    """Whether the account is officer or approver of the owner or of a partner bureau."""
    if account is None or not account.is_active:
        return False
    bureaux = [engagement.owner, *engagement.partners.all()]
    return any(
        has_role(account, role, bureau)
        for bureau in bureaux
        for role in (Role.OFFICER, Role.APPROVER)
    )


def can_see_results(*, engagement: Engagement, now: dt.datetime) -> Verdict:
    """Sealed means sealed for everybody, staff included, until the stated moment (PR4).

    The report of the owner alone is read earlier: ``can_read_results``.
    """
    current = stage(engagement, now)
    if current is Stage.DRAFT:
        return Verdict("hidden")
    if current is Stage.UPCOMING:
        return Verdict("not-open-yet")
    if engagement.results_from == ResultsFrom.LIVE:
        return OK
    if engagement.results_from == ResultsFrom.CLOSE:
        return OK if current.is_past else Verdict("sealed")
    return OK if published_outcome(engagement) else Verdict("sealed")


def can_read_results(*, engagement: Engagement, for_owner: bool, now: dt.datetime) -> Verdict:
    """As ``can_see_results``, for a report.

    ``for_owner``: its reader is an officer or approver of the owner. They have the results from
    the close on, since the answer is written from them (ADR 38). Everybody else, partners and
    administrators among them, waits for the stated moment; while it is open nobody sees any.
    """
    verdict = can_see_results(engagement=engagement, now=now)
    if verdict.code == "sealed" and for_owner and stage(engagement, now).is_past:
        return OK
    return verdict
