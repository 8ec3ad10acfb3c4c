"""Every fetch of a contest, an idea or a draft at an edge: hidden and absent look the same."""

from __future__ import annotations

from django.db.models import Q

from accounts.keys import token_hash
from accounts.models import Account, Person, Role
from accounts.persons import all_of
from accounts.policies import has_role
from core import clock
from core.exceptions import Absent, SignInNeeded
from ideas.authors import invitation_gone, writes
from ideas.ballots import vote_of
from ideas.juries import barred_ideas, is_chair, judged_ideas, jury_phase
from ideas.models import (
    Basis,
    CoAuthor,
    ContestPage,
    ContestResult,
    ContestVote,
    Idea,
    IdeaDraft,
    Juror,
    ResultPlace,
)
from ideas.querysets import IdeaQuerySet
from ideas.result_reading import result_of
from participation.access import access_engagement, access_engagement_of
from participation.models import Engagement
from participation.policies import is_officer_of


def access_contest(public_id: str, *, lock: bool = False) -> Engagement:
    """A public contest with its rows, by its engagement's id. Raises Absent for other kinds."""
    engagement = access_engagement(public_id, lock=lock)
    if not hasattr(engagement, "contest"):
        raise Absent
    return engagement


def access_public_contest(bureau: str, slug: str, language: str) -> tuple[ContestPage, Engagement]:
    """The live page at ``/<language>/contests/<bureau>/<slug>/`` and its engagement."""
    page = (
        ContestPage.objects.live()
        .select_related("locale", "cover")
        .filter(
            locale__language_code=language,
            slug=slug,
            url_path__endswith=f"/contests/{bureau}/{slug}/",
        )
        .first()
    )
    if page is None:
        raise Absent
    return page, access_engagement_of(page, "contest")


def access_idea(public_id: str) -> Idea:
    """An idea that everybody may read, of a public contest. Raises Absent for all others."""
    row = (
        Idea.objects.with_card()
        .with_comments()
        .select_related("engagement", "engagement__owner", "engagement__outcome", "contribution")
        .prefetch_related("engagement__phases")
        .filter(
            contribution__public_id=public_id[:16],
            engagement__state="published",
            is_public=True,
        )
    )
    idea = clock.with_now(row).first()
    if idea is None:
        raise Absent
    clock.note(idea)
    idea.contribution.engagement = idea.engagement
    idea.thread.engagement = idea.engagement
    return idea


def access_lead(public_id: str) -> Idea:
    """The public idea that leads a merged one, so that the old address leads on. Raises Absent."""
    idea = (
        Idea.objects.public()
        .select_related("contribution")
        .filter(
            led_ideas__contribution__public_id=public_id[:16],
            led_ideas__contribution__state="published",
            engagement__state="published",
        )
        .first()
    )
    if idea is None:
        raise Absent
    return idea


def access_idea_of_bureau(public_id: str, account: Account | None) -> Idea:
    """An idea that a moderator has cleared, merged or not, to officers of its contest's bureaux.

    Raises SignInNeeded for nobody, Absent for everybody else and for other ideas.
    """
    if account is None:
        raise SignInNeeded
    idea = (
        Idea.objects.with_card()
        .with_comments()
        .select_related("engagement__owner", "contribution__receipt", "merged_into__contribution")
        .prefetch_related("engagement__phases", "engagement__partners")
        .filter(
            contribution__public_id=public_id[:16],
            contribution__state="published",
            engagement__state="published",
        )
        .first()
    )
    if idea is None or not is_officer_of(account, idea.engagement):
        raise Absent
    idea.contribution.engagement = idea.engagement
    return idea


def access_written_idea(public_id: str, person: Person | None) -> Idea:
    """An idea one is author or co-author of, in any state. Raises SignInNeeded, Absent."""
    if person is None:
        raise SignInNeeded
    idea = (
        Idea.objects.with_card()
        .select_related("engagement", "engagement__owner", "contribution__receipt")
        .prefetch_related("engagement__phases")
        .filter(contribution__public_id=public_id[:16], engagement__state="published")
        .first()
    )
    if idea is None or not writes(idea, person):
        raise Absent
    idea.contribution.engagement = idea.engagement
    return idea


def ideas_of(person: Person) -> IdeaQuerySet:
    """Ideas of public contests that one writes, alone or with others, in any state."""
    seats = CoAuthor.objects.seated().filter(person=person)
    own = Q(contribution__person=person)
    rows = Idea.objects.filter(own | Q(pk__in=seats.values("idea")))
    return rows.filter(engagement__state="published")


def access_coauthor(idea: Idea, public_id: str, person: Person) -> CoAuthor:
    """A seat beside the author that this person may end: any of an own idea, else the own one.

    ``idea`` was accessed for the person. Raises Absent for others, and for ended ones.
    """
    rows = CoAuthor.objects.filter(idea=idea, public_id=public_id[:16], ended_at=None)
    if idea.contribution.person_id != person.pk:
        rows = rows.filter(person=person)
    seat = rows.select_related("account").first()
    if seat is None:
        raise Absent
    seat.idea = idea
    return seat


def access_coauthor_invitation(token: str) -> CoAuthor:
    """The waiting invitation that a mailed link opens. Unknown, used and expired are Absent."""
    seat = (
        CoAuthor.objects.waiting(clock.now())
        .select_related("idea__contribution", "idea__engagement__owner")
        .prefetch_related("idea__engagement__phases")
        .filter(token_hash=token_hash(token), idea__engagement__state="published")
        .first()
    )
    if seat is None:
        raise invitation_gone()
    return seat


def access_draft(public_id: str, person: Person | None) -> IdeaDraft:
    """An own draft. Raises SignInNeeded for nobody, Absent for everybody else."""
    if person is None:
        raise SignInNeeded
    draft = (
        IdeaDraft.objects.select_related("engagement", "engagement__owner")
        .filter(public_id=public_id[:16], person=person, engagement__state="published")
        .first()
    )
    if draft is None:
        raise Absent
    return draft


def access_vote(public_id: str) -> ContestVote:
    """The vote of a public contest, with its ballot and engagement. Raises Absent without one."""
    vote = vote_of(access_contest(public_id))
    if vote is None:
        raise Absent
    return vote


def access_contest_of_bureau(public_id: str, account: Account | None) -> Engagement:
    """A public contest, to officers and approvers of its bureaux alone.

    Raises SignInNeeded for nobody, Absent for everybody else.
    """
    if account is None:
        raise SignInNeeded
    engagement = access_contest(public_id)
    if not is_officer_of(account, engagement):
        raise Absent
    return engagement


def seats_of(account: Account | None) -> list[Juror]:
    """The jury seats of the account's person, of public contests, the latest first.

    A seat counts only while the role is in force for the contest's owner.
    """
    if account is None:
        return []
    rows = (
        Juror.objects.filter(
            person__in=all_of(account.person),
            ended_at=None,
            contest__engagement__state="published",
        )
        .select_related("person", "contest__engagement__owner")
        .prefetch_related("contest__engagement__phases")
        .order_by("-appointed_at", "-pk")
    )
    return [row for row in rows if has_role(account, Role.JUROR, row.contest.engagement.owner)]


def access_seat(public_id: str, account: Account | None) -> Juror:
    """One's own seat on the jury of this contest. Raises Absent for everybody else."""
    engagement = access_contest(public_id)
    for seat in seats_of(account):
        if seat.contest_id == engagement.pk:
            seat.contest.engagement = engagement
            return seat
    raise Absent


def access_judged(public_id: str, seat: Juror) -> Idea:
    """An idea this juror may open. Raises Absent for others, and for those with a conflict."""
    idea = (
        judged_ideas(seat.contest.engagement)
        .with_card()
        .filter(contribution__public_id=public_id[:16])
        .first()
    )
    if idea is None or idea.pk in barred_ideas(seat):
        raise Absent
    return idea


def access_jury(public_id: str, account: Account | None) -> Engagement:
    """A contest with a jury, for its chair. Raises Absent for everybody else."""
    engagement = access_contest(public_id)
    if jury_phase(engagement) is None or not is_chair(account, engagement):
        raise Absent
    return engagement


def access_juror(engagement: Engagement, public_id: str) -> Juror:
    """A seat of a contest that was accessed for its chair. Raises Absent."""
    juror = Juror.objects.filter(
        contest=engagement.pk, public_id=public_id[:16], ended_at=None
    ).first()
    if juror is None:
        raise Absent
    return juror


def access_result(public_id: str) -> tuple[Engagement, ContestResult]:
    """The published result of a contest. Raises Absent before."""
    engagement = access_contest(public_id)
    result = result_of(engagement)
    if result is None or result.published_at is None:
        raise Absent
    return engagement, result


def access_result_desk(public_id: str, account: Account | None) -> Engagement:
    """A contest that ends, for officers and approvers of its owner. Raises Absent for others."""
    engagement = access_contest(public_id)
    works = is_chair(account, engagement) or has_role(account, Role.APPROVER, engagement.owner)
    if not works or engagement.contest.standing:
        raise Absent
    return engagement


def access_result_place(
    public_id: str, idea_id: str, account: Account | None
) -> tuple[Engagement, ContestResult, Idea, ResultPlace | None]:
    """An idea of an unpublished result, for the officers who write it. Raises Absent.

    Without a row where the bureau alone decides and has not yet decided on this idea.
    """
    engagement = access_result_desk(public_id, account)
    result = result_of(engagement)
    if result is None or result.published_at is not None or not is_chair(account, engagement):
        raise Absent
    row = (
        ResultPlace.objects.select_related("idea__contribution", "idea__jury_place")
        .filter(result=result, idea__contribution__public_id=idea_id[:16])
        .first()
    )
    if row is not None:
        return engagement, result, row.idea, row
    idea = (
        judged_ideas(engagement)
        .select_related("contribution")
        .filter(contribution__public_id=idea_id[:16])
        .first()
    )
    if idea is None or result.basis != Basis.BUREAU:
        raise Absent
    return engagement, result, idea, None
