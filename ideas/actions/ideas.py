"""Handing in an idea, writing it on, and following what moderation makes of it.

The text in the register is the idea as one reads it: title, text, then tags and place where there
are any. So whatever the public will read has been before a moderator, and one version of the
register is one version of the idea.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from core import audit, clock
from core.exceptions import Absent, Conflict, Invalid
from core.text import clean_text, fold
from ideas.asked import as_text, asked_of
from ideas.models import Category, Idea, IdeaTag, IdeaVersion, TaggedIdea
from ideas.places import Point, read_point
from ideas.tags import key_of
from participation.actions.attachments import attach_tray, tray_files
from participation.actions.comments import author_name
from participation.actions.contributions import (
    Sent,
    already_received,
    edit_contribution,
    newest_version,
    receive_contribution,
)
from participation.actions.pending import register
from participation.facets import DISTRICTS
from participation.models import (
    Channel,
    Contribution,
    ContributionState,
    Engagement,
    PendingAct,
    PublishChoice,
    Receipt,
    Thread,
)
from participation.policies import can, require
from questionnaires.definition import Definition
from questionnaires.judging import judge, refuse_problems

KIND = "idea"
TITLE_LIMIT = 120
TEXT_LIMIT = 6000
PLACE_LIMIT = 120
#: Title, text, tags, place and answers together.
WHOLE_LIMIT = 20_000
#: What an idea takes over from the version that counts.
_FOLLOWED = (
    "title",
    "text",
    "category_id",
    "district",
    "place",
    "latitude",
    "longitude",
    "answers",
    "number",
)
_DISTRICTS = {key for key, _name in DISTRICTS}


def clean_title(title: str) -> str:
    """A title of one line. Raises ``Invalid`` with its field."""
    return clean_text(title, max_length=TITLE_LIMIT, field="title", multiline=False)


def clean_body(text: str) -> str:
    """What one would do. Raises ``Invalid`` with its field."""
    return clean_text(text, max_length=TEXT_LIMIT, field="text")


def compose(
    title: str,
    text: str,
    tags: Iterable[str] = (),
    *,
    place: str = "",
    point: Point | None = None,
    answers: str = "",
) -> str:
    """The idea as one text: what the register keeps and a moderator reads."""
    parts = [title, text]
    if found := " ".join(f"#{tag}" for tag in tags):
        parts.append(found)
    if place:
        parts.append(place)
    if point is not None:
        parts.append(str(point))
    if answers:
        parts.append(answers)
    return "\n\n".join(parts)


@transaction.atomic
def submit_idea(
    *,
    engagement: Engagement,
    person: Person | None,
    account: Account | None,
    title: str,
    text: str,
    language: str,
    display_name: str = "",
    channel: str = Channel.WEB,
    idempotency_key: str = "",
) -> Receipt:
    """Take an idea and give its receipt; the same form again gives the same receipt.

    An idea is public under its author's display name, once a moderator has read it (or at once,
    where the contest says so). Raises Closed, SignInNeeded, Refused by policy, Absent where the
    engagement is no contest, Invalid for title, text or name, TooMany, Conflict.
    """
    if not hasattr(engagement, "contest"):
        raise Absent
    title, text = clean_title(title), clean_body(text)
    whole = compose(title, text)
    sent = Sent(engagement, KIND, PublishChoice.NAME, whole)
    if earlier := already_received(person=person, idempotency_key=idempotency_key, sent=sent):
        return earlier.receipt
    require(can("submit", engagement=engagement, person=person, now=clock.now()))
    received = receive_contribution(
        engagement=engagement,
        person=person,
        account=account,
        kind=KIND,
        text=whole,
        language=language,
        publish_choice=PublishChoice.NAME,
        author_name=author_name(person, account, display_name),
        channel=channel,
        idempotency_key=idempotency_key,
        max_length=WHOLE_LIMIT,
    )
    if not received.new:
        return received.receipt
    contribution = received.contribution
    thread = Thread.objects.create(
        engagement=engagement, key=f"idea-{contribution.public_id}", kind=KIND
    )
    idea = Idea.objects.create(
        contribution=contribution,
        engagement=engagement,
        thread=thread,
        title=title,
        text=text,
        received_at=contribution.received_at,
        changed_at=contribution.received_at,
    )
    version = IdeaVersion.objects.create(
        idea=idea, number=1, title=title, text=text, at=contribution.received_at
    )
    # Before it follows its entry, which may make it public at once with an entry of its own.
    audit.record(
        "idea.describe",
        actor=account or person or "system",
        engagement_id=engagement.public_id,
        subject=contribution.public_id,
        rows=[idea, version],
    )
    follow_contribution(contribution)
    return received.receipt


@transaction.atomic
def edit_idea(
    *,
    idea: Idea,
    person: Person | None,
    account: Account | None,
    title: str,
    text: str,
    category: str = "",
    tags: Iterable[str] = (),
    district: str = "",
    place: str = "",
    point: str = "",
    tray: str = "",
    answers: Mapping[str, Any] | None = None,
    version: int,
) -> Idea:
    """Write a new version, until the call closes; what is as it was writes nothing.

    ``tray`` is that of the form: the files on it come with this very version. ``answers`` to what
    the contest asks, by key, as the kinds take them; None leaves them as they are.

    ``category`` is a key of the contest's, ``district`` one of the eighteen; ``tags`` as
    ``ideas.tags.split_tags`` gives them; ``point`` two numbers as typed; ``version`` the number the
    author was shown. Raises Closed, Refused, SignInNeeded by policy, Invalid with its field,
    Conflict, TooMany.
    """
    title, text = clean_title(title), clean_body(text)
    place = clean_text(
        place, max_length=PLACE_LIMIT, field="place", multiline=False, required=False
    )
    if district and district not in _DISTRICTS:
        raise Invalid(_("Choose one of the 18 districts."), field="district", code="unknown")
    located = read_point(point)
    found = _category(idea, category)
    tags = list(tags)
    contribution = idea.contribution
    last = newest(idea)
    definition = asked_of(idea.engagement)
    kept = last.answers if answers is None else _judged(definition, answers, last.answers)
    described = {
        "title": title,
        "text": text,
        "category_id": found.pk if found else None,
        "district": district,
        "place": place,
        "latitude": located.latitude if located else None,
        "longitude": located.longitude if located else None,
        "tags": tags,
        "answers": kept,
    }
    same = all(getattr(last, name) == value for name, value in described.items())
    if same and not tray_files(tray=tray):
        return idea
    if version != last.number:
        raise _changed_meanwhile()
    contribution = edit_contribution(
        contribution=contribution,
        person=person,
        account=account,
        text=compose(
            title,
            text,
            tags,
            place=place,
            point=located,
            answers=as_text(definition, kept, contribution.language),
        ),
        version=version,
        more=True,
    )
    number = newest_version(contribution)
    if idea.versions.filter(number=number).exists():
        raise _changed_meanwhile()
    row = IdeaVersion.objects.create(idea=idea, number=number, at=clock.now(), **described)
    audit.record(
        "idea.describe",
        actor=account or person or "system",
        engagement_id=contribution.engagement.public_id,
        subject=contribution.public_id,
        rows=[row],
    )
    attach_tray(tray=tray, contribution=contribution, person=person, account=account)
    follow_contribution(contribution)
    idea.refresh_from_db()
    return idea


def _judged(
    definition: Definition, answers: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers that count. Raises ``Invalid`` (the question's field) for the first fault, with
    all of them in ``data["problems"]``.
    """
    judged = judge(definition, answers, before=before)
    refuse_problems(judged)
    return judged.answers


def _changed_meanwhile() -> Conflict:
    return Conflict(
        _("It was changed meanwhile, in another window or by a co-author. Read it again first.")
    )


def newest(idea: Idea) -> IdeaVersion:
    """What its author last wrote, public yet or not."""
    return idea.versions.get(number=newest_version(idea.contribution))


def copy_version(entry: Contribution, known: int, number: int) -> None:
    """Files alone made a new version of an idea: it says the same. Called in their transaction."""
    row = IdeaVersion.objects.get(idea__contribution=entry, number=known)
    row.pk, row.number, row.at = None, number, clock.now()
    row.save(force_insert=True)
    audit.record(
        "idea.describe",
        actor="system",
        engagement_id=entry.engagement.public_id,
        subject=entry.public_id,
        rows=[row],
    )


def _category(idea: Idea, key: str) -> Category | None:
    if not key:
        return None
    row = Category.objects.filter(
        contest_id=idea.engagement_id, key=key[:16], retired_at=None
    ).first()
    if row is None:
        raise Invalid(_("Choose one of the categories."), field="category", code="unknown")
    return row


@transaction.atomic
def follow_contribution(contribution: Contribution) -> None:
    """Bring the idea in line with its entry: the version that counts, public or not.

    Called in the transaction of every act on the entry (``participation.kinds.on_change``). While
    an idea is not public nothing new can be said on it.
    """
    idea = Idea.objects.filter(pk=contribution.pk).select_related("thread").first()
    if idea is None:
        return
    now = clock.now()
    known = [getattr(idea, name) for name in Idea.AUDITED_FIELDS]
    version = idea.versions.filter(number=contribution.version).first()
    if version is not None:
        for name in _FOLLOWED:
            setattr(idea, name, getattr(version, name))
        _set_tags(idea, version.tags)
        idea.folded_title = fold(version.title)
        idea.search = fold("\n".join([version.title, version.text, version.place, *version.tags]))
    published = contribution.state == ContributionState.PUBLISHED
    idea.is_public = published and idea.merged_into_id is None
    idea.changed_at = now
    idea.save()
    if known != [getattr(idea, name) for name in Idea.AUDITED_FIELDS]:
        audit.record(
            "idea.follow",
            actor="system",
            engagement_id=contribution.engagement.public_id,
            subject=contribution.public_id,
            rows=[idea],
        )
    retired = None if idea.is_public else (idea.thread.retired_at or now)
    if idea.thread.retired_at != retired:
        idea.thread.retired_at = retired
        idea.thread.save(update_fields=["retired_at"])


def _set_tags(idea: Idea, names: list[str]) -> None:
    wanted = {key_of(name): name for name in names}
    known = {row.tag.slug: row for row in idea.tagged.select_related("tag")}
    for slug, row in known.items():
        if slug not in wanted:
            row.delete()
    for slug, name in wanted.items():
        if slug in known:
            continue
        tag = IdeaTag.objects.filter(slug=slug).first()
        if tag is None:
            tag, _created = IdeaTag.objects.get_or_create(slug=slug, defaults={"name": name})
        TaggedIdea.objects.get_or_create(content_object=idea, tag=tag)


def complete_idea(
    act: PendingAct, person: Person | None, account: Account | None, changes: dict[str, Any]
) -> Receipt:
    """Submit an idea that was written before signing in."""
    return submit_idea(
        engagement=act.engagement,
        person=person,
        account=account,
        title=act.payload["title"],
        text=act.payload["text"],
        language=act.language,
        display_name=str(changes.get("display_name") or ""),
        idempotency_key=act.token,
    )


register(KIND, complete_idea)
