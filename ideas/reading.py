"""What pages say of an idea: where it is, which versions were public, what changed in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from core.texts import known_language, pick
from ideas.asked import NOTHING, asked_of, lines
from ideas.ballots import is_offered
from ideas.difference import Piece, difference
from ideas.models import Category, ContestPage, ContestVote, Idea, IdeaVersion
from ideas.voting import VoteRules, kind_named
from moderation.models import Decision
from participation.actions.contributions import newest_version
from participation.facets import DISTRICTS
from participation.models import ImportedEntry
from questionnaires.definition import Definition

_DISTRICTS = dict(DISTRICTS)


def district_name(key: str) -> str | Promise:
    """A district in the reader's language; '' for none."""
    return _DISTRICTS.get(key, "")


@dataclass(frozen=True)
class Shown:
    """A version with what it changed; ``standing`` is current, waiting or earlier."""

    version: IdeaVersion
    standing: str
    title: list[Piece]
    text: list[Piece]
    #: What else changed: (before, after) in words.
    more: list[tuple[str, str]]


def versions(idea: Idea, *, own: bool) -> list[Shown]:
    """The versions, newest first, each against the one shown before it; three queries, and
    three for what the contest asks.

    Its author sees all; the public those that a moderator cleared, and the one that counts.
    """
    rows = list(idea.versions.select_related("category"))
    contribution = idea.contribution
    if not own:
        cleared = set(
            Decision.objects.filter(
                kind=contribution.kind, target_id=contribution.public_id, verdict="publish"
            ).values_list("version", flat=True)
        )
        rows = [
            row
            for row in rows
            if row.number == contribution.version
            or (row.number in cleared and row.number < contribution.version)
        ]
    definition = asked_of(idea.engagement) if any(row.answers for row in rows) else NOTHING
    found = []
    before: IdeaVersion | None = None
    for row in rows:
        standing = "earlier"
        if row.number == contribution.version:
            standing = "current"
        elif row.number == newest_version(contribution):
            standing = "waiting"
        found.append(
            Shown(
                row,
                standing,
                difference(before.title, row.title) if before else [Piece("same", row.title)],
                difference(before.text, row.text) if before else [Piece("same", row.text)],
                [
                    *_more(before, row),
                    *_answered(definition, before, row, contribution.language, private=own),
                ]
                if before
                else [],
            )
        )
        before = row
    return found[::-1]


def _more(before: IdeaVersion, after: IdeaVersion) -> list[tuple[str, str]]:
    pairs = [
        (_name(before.category), _name(after.category)),
        (" ".join(f"#{tag}" for tag in before.tags), " ".join(f"#{tag}" for tag in after.tags)),
        (str(district_name(before.district)), str(district_name(after.district))),
        (before.place, after.place),
        (before.point, after.point),
    ]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _answered(
    definition: Definition,
    before: IdeaVersion,
    after: IdeaVersion,
    written_in: str,
    *,
    private: bool,
) -> list[tuple[str, str]]:
    """Answers that differ, each with its question; private ones only for the authors."""
    said = [
        {
            line.title.text: f"{line.title.text} {' · '.join(one.text for one in line.answer)}"
            for line in lines(
                definition,
                row.answers,
                known_language(get_language()),
                written_in=written_in,
                private=private,
            )
        }
        for row in (before, after)
    ]
    pairs = [(said[0].get(title, ""), said[1].get(title, "")) for title in {**said[0], **said[1]}]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _name(category: Category | None) -> str:
    return pick(category.name).text if category else ""


def explained(page: ContestPage) -> list[str]:
    """How people vote, in sentences, as the page says; nothing where they do not."""
    if page.vote_closes_at is None:
        return []
    rules = VoteRules(page.vote_kind, page.vote_most, page.vote_budget or 0)
    return kind_named(page.vote_kind).explain(rules)


def card(idea: Any, *, told: bool = False, ballot: ContestVote | None = None) -> dict[str, Any]:
    """What ``ideas/parts/card.html`` shows; ``idea`` from ``with_card().with_comments()``.

    ``told``: everybody may see the vote's totals, and ``idea`` comes with its ``total``. ``ballot``
    is the vote while it is open.
    """
    return {
        "total": getattr(idea, "total", None) if told else None,
        "idea": idea,
        "contribution": idea.contribution,
        "category": idea.category,
        "district": district_name(idea.district),
        "tags": sorted(idea.tags.all(), key=lambda tag: tag.name),
        "comments": getattr(idea, "comments", 0),
        "source_supports": getattr(imported_of(idea), "supports", None),
        "offered": ballot is not None and is_offered(ballot, idea),
        "cost": idea.cost.amount if hasattr(idea, "cost") else None,
    }


def imported_of(idea: Idea) -> ImportedEntry | None:
    """What an imported idea was at its source; ``idea`` from ``with_card()``."""
    found: ImportedEntry | None = getattr(idea.contribution, "imported", None)
    return found


def counted_at_source(idea: Idea) -> int:
    """How many comments the source says an imported idea has; nought where it says nothing."""
    imported = imported_of(idea)
    return int(imported.facts.get("comments", 0)) if imported else 0
