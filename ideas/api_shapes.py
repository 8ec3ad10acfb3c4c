"""Contests and ideas as the API tells them: the shapes, and how rows are written into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.conf import settings
from ninja import Field, Schema

from accounts.api import BureauOut, show_bureau
from core import clock
from core.api import PageQuery, Texts, moment, texts
from core.dates import FOREVER
from core.texts import LANGUAGES
from ideas.asked import public_answers
from ideas.authors import coauthors_of, names_of
from ideas.listing import QUERY_LIMIT, SEEDS, Filters, Option
from ideas.models import RulesVersion
from ideas.phases import shown
from ideas.reading import imported_of
from participation.attachments.shown import files_of
from participation.models import Engagement
from participation.partners_api import show_partners
from participation.stages import stage

Status = Literal[
    "received",
    "in-review",
    "shortlisted",
    "awarded",
    "adopted",
    "in-progress",
    "done",
    "not-adopted",
]
Sort = Literal["newest", "shuffled", "discussed", "supported", "source"]


class PhaseOut(Schema):
    """A window of the contest. ``closes_at`` is exclusive, null without end; ``state`` is done,
    now or next."""

    key: str
    state: str
    opens_at: str
    closes_at: str | None


class CategoryOut(Schema):
    """What ideas are sorted into."""

    key: str
    name: Texts


class CriterionOut(Schema):
    """What ideas are judged by; the weights make 100."""

    name: Texts
    detail: Texts
    weight: int


class VoteRulesOut(Schema):
    """How the public votes: approval, votes (``most`` each), stars (1 to 5) or budget (HK$).

    ``results``: when totals are told (live, close, outcome); ``after_own``: while the vote is open
    to those alone who have voted.
    """

    kind: str
    most: int | None
    budget: int | None
    results: str
    after_own: bool


class RulesOut(Schema):
    """The rules that stand, their SHA-256, and the file it is made of."""

    version: int
    at: str
    fingerprint: str
    file: str


class ContestOut(Schema):
    """A contest, or (``standing``) an ideas box without end. ``ideas``: how many are public.

    ``partners`` are the bodies that run it with the bureau.
    """

    id: str
    title: Texts
    summary: Texts
    bureau: BureauOut
    partners: list[BureauOut]
    state: str
    standing: bool
    opens_at: str | None
    closes_at: str | None
    response_due: str | None
    file_number: str
    topics: list[str]
    districts: list[str]
    phases: list[PhaseOut]
    categories: list[CategoryOut]
    criteria: list[CriterionOut]
    vote: VoteRulesOut | None
    rules: RulesOut | None
    ideas: int
    pages: Texts


class IdeaOut(Schema):
    """A public idea as it was written. ``votes`` is null while totals are told to nobody.

    ``source_supports`` were counted where an imported idea comes from; they are no votes.
    """

    id: str
    contest: str
    title: str
    text: str
    language: str
    author: str
    coauthors: list[str]
    received_at: str
    edited_at: str | None
    category: str | None
    tags: list[str]
    district: str | None
    place: str
    point: str | None
    status: str
    screening: str | None
    comments: int
    cost: int | None
    votes: int | None
    source_supports: int | None
    pages: Texts


class StepOut(Schema):
    """A dated step of an idea on its way, with the bureau's reason as written."""

    status: str
    at: str
    sentence: str
    language: str


class FileOut(Schema):
    """A public file of an idea. ``alt`` says what a picture shows."""

    id: str
    name: str
    media_type: str
    size: int
    alt: str
    address: str


class IdeaDetailOut(IdeaOut):
    """One idea with its steps, oldest first, its files, and the ideas put together with it.

    ``answers``, by the keys of what the contest asks of ideas, are those that everybody may read.
    """

    version: int
    answers: dict[str, Any]
    steps: list[StepOut]
    files: list[FileOut]
    led: list[str]


class FacetOut(Schema):
    """One value of a facet and how many ideas it would give; ``name`` in the reader's language."""

    value: str
    name: str
    count: int


class FacetsOut(Schema):
    """What the other filters leave, by each value of each facet."""

    category: list[FacetOut]
    tag: list[FacetOut]
    district: list[FacetOut]
    status: list[FacetOut]


class FacetQuery(Schema):
    """Values of one facet widen, facets narrow each other. ``tag`` is the tag's folded form."""

    category: list[str] = Field(default_factory=list, max_length=20)
    tag: list[str] = Field(default_factory=list, max_length=20)
    district: list[str] = Field(default_factory=list, max_length=20)
    status: list[Status] = Field(default_factory=list, max_length=20)
    q: str = Field("", max_length=QUERY_LIMIT)

    def filters(self, **order: Any) -> Filters:
        """The same filters as the list of the pages has."""
        return Filters(
            category=_known(self.category),
            tag=_known(self.tag),
            district=_known(self.district),
            status=tuple(dict.fromkeys(self.status)),
            text="".join(one for one in self.q if one.isprintable()).strip(),
            **order,
        )


class IdeaQuery(FacetQuery, PageQuery):
    """Filters, order and page. ``seed`` draws the shuffled order; ``supported`` is refused while
    totals are not told (409, sealed), ``source`` where nothing was imported (422)."""

    sort: Sort = "newest"
    seed: int = Field(1, ge=1, le=SEEDS)


def _known(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once; what no key or tag can be finds nothing, without asking the database."""
    return tuple(
        dict.fromkeys(
            one[:100] if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in values
        )
    )


def origin() -> str:
    """Scheme and host of public addresses."""
    return settings.SITE_URL.rstrip("/")


def pages_of(rest: str) -> dict[str, str]:
    """The address of a page in each language."""
    return {language: f"{origin()}/{language}/{rest}" for language in LANGUAGES}


def show_contest(engagement: Engagement, ideas: int) -> dict[str, Any]:
    """One contest; of a list with ``contest_rows``, one of its own with a few queries."""
    now, contest = clock.now(), engagement.contest
    due, closes_at = engagement.response_due, engagement.closes_at
    return {
        "id": engagement.public_id,
        "title": texts(engagement.title),
        "summary": texts(engagement.summary),
        "bureau": show_bureau(engagement.owner),
        "partners": show_partners(engagement),
        "state": stage(engagement, now).value,
        "standing": contest.standing,
        "opens_at": moment(engagement.opens_at),
        "closes_at": None if closes_at == FOREVER else moment(closes_at),
        "response_due": due.isoformat() if due else None,
        "file_number": engagement.file_number,
        "topics": engagement.topics,
        "districts": engagement.districts,
        "phases": [
            {
                "key": phase.key,
                "state": phase.state,
                "opens_at": moment(phase.opens_at),
                "closes_at": None if phase.endless else moment(phase.closes_at),
            }
            for phase in shown(list(engagement.phases.all()), now)
        ],
        "categories": [
            {"key": row.key, "name": texts(row.name)}
            for row in contest.categories.all()
            if row.retired_at is None
        ],
        "criteria": [
            {"name": texts(row.name), "detail": texts(row.detail), "weight": row.weight}
            for row in contest.criteria.all()
            if row.retired_at is None
        ],
        "vote": _vote_rules(engagement),
        "rules": _rules(engagement),
        "ideas": ideas,
        "pages": {language: origin() + path for language, path in (engagement.paths or {}).items()},
    }


def _vote_rules(engagement: Engagement) -> dict[str, Any] | None:
    vote = getattr(engagement.contest, "vote", None)
    if vote is None or not any("vote" in phase.verbs for phase in engagement.phases.all()):
        return None
    return {
        "kind": vote.kind,
        "most": vote.most or None,
        "budget": vote.budget or None,
        "results": str(engagement.results_from),
        "after_own": vote.after_own,
    }


def _rules(engagement: Engagement) -> dict[str, Any] | None:
    # The newest comes first.
    version = next(iter(engagement.contest.rules.all()), None)
    return show_rules(engagement, version) if version is not None else None


def show_rules(engagement: Engagement, version: RulesVersion) -> dict[str, Any]:
    """A version of a contest's rules with the address of its file."""
    return {
        "version": version.number,
        "at": moment(version.at),
        "fingerprint": version.fingerprint,
        "file": f"{origin()}/en/e/{engagement.public_id}/rules/{version.number}.json",
    }


def show_ideas(found: list[Any], contest: str, *, told: bool) -> list[dict[str, Any]]:
    """Ideas from ``listing.shown_ideas``; ``told``: everybody may see the vote's totals."""
    others = coauthors_of(found)
    return [_show(idea, contest, names_of(others.get(idea.pk, ())), told=told) for idea in found]


def _show(idea: Any, contest: str, coauthors: list[str], *, told: bool) -> dict[str, Any]:
    entry = idea.contribution
    total = getattr(idea, "total", None) if told else None
    # What was changed before anybody could read it is no news.
    edited = entry.edited_at and entry.published_at and entry.edited_at > entry.published_at
    return {
        "id": entry.public_id,
        "contest": contest,
        "title": idea.title,
        "text": idea.text,
        "language": entry.language,
        "author": entry.public_name,
        "coauthors": coauthors,
        "received_at": moment(entry.received_at),
        "edited_at": moment(entry.edited_at) if edited else None,
        "category": idea.category.key if idea.category else None,
        "tags": sorted(tag.name for tag in idea.tags.all()),
        "district": idea.district or None,
        "place": idea.place,
        "point": idea.point or None,
        "status": idea.status,
        "screening": idea.screened or None,
        "comments": idea.comments,
        "cost": idea.cost.amount if hasattr(idea, "cost") else None,
        "votes": total.votes if total else None,
        "source_supports": getattr(imported_of(idea), "supports", None),
        "pages": pages_of(f"ideas/{entry.public_id}/"),
    }


def show_detail(idea: Any, contest: str, led: Iterable[str], *, told: bool) -> dict[str, Any]:
    """The same with what its page adds; ``led`` are the ids of ideas put together with it."""
    entry = idea.contribution
    (shown_idea,) = show_ideas([idea], contest, told=told)
    return {
        **shown_idea,
        "version": idea.number,
        "answers": public_answers(idea, idea.engagement),
        "steps": [
            {
                "status": row.status,
                "at": moment(row.at),
                "sentence": row.sentence,
                "language": row.language,
            }
            for row in idea.steps.all()
        ],
        "files": [
            {
                "id": file.id,
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "alt": file.alt,
                "address": origin() + file.address,
            }
            for file in files_of([entry]).get(entry.pk, [])
        ],
        "led": list(led),
    }


def show_facets(groups: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The facets of a list, each value with its number."""

    def told(options: Iterable[Option]) -> list[dict[str, Any]]:
        return [{"value": one.value, "name": str(one.text), "count": one.count} for one in options]

    return {group["name"]: told(group["options"]) for group in groups}
