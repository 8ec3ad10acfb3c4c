"""Who is awarded and shortlisted in a report, why, and what became of it; nothing before it is
published, whoever asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback.sections import Cell, Column, Section, SectionData, Step, Table, told, words
from feedback.sections import register as add
from ideas.actions.contest import KIND
from ideas.models import Basis, ContestResult, Distinction, IdeaStatus, ResultPlace
from ideas.report import NUMBER, TITLE
from ideas.report_results import PLACE, title_of
from ideas.result_reading import Given, result_of, summary
from participation.models import Engagement

_GIVEN: dict[str, str | Promise] = {
    Distinction.AWARDED: Distinction.AWARDED.label,
    Distinction.SHORTLISTED: Distinction.SHORTLISTED.label,
}


def _published(engagement: Engagement) -> ContestResult | None:
    found = result_of(engagement) if engagement.kind == KIND else None
    return found if found is not None and found.published_at else None


def announced(engagement: Engagement) -> bool:
    """Whether the contest's result is public."""
    return _published(engagement) is not None


def _decided(result: ContestResult) -> str:
    """By what, in the active language: the sentence of the result's page."""
    if result.basis == Basis.BOTH:
        return gettext(
            "The jury decided with %(jury_share)s%%, the public vote with the rest, as the rules "
            "said at the opening."
        ) % {"jury_share": result.jury_weight}
    said = {
        Basis.JURY: gettext("The jury decided."),
        Basis.VOTE: gettext("The public vote decided."),
        Basis.BUREAU: gettext("The bureau decided, with its reasons."),
    }
    return said[Basis(result.basis)]


def _scores(result: ContestResult) -> list[tuple[Column, Any]]:
    """What the rules decide by: each column with how it is read of a place."""
    judged = result.basis in {Basis.BOTH, Basis.JURY}
    voted = result.basis in {Basis.BOTH, Basis.VOTE}
    both = result.basis == Basis.BOTH

    def normal(row: ResultPlace) -> Cell:
        scored = getattr(row.idea, "jury_place", None)
        return float(scored.normal) if scored else None

    return [
        *([(PLACE, lambda row: row.place)] if judged or voted else []),
        *(
            [(Column("together", _("Jury and vote together")), lambda row: _float(row.together))]
            if both
            else []
        ),
        *([(Column("jury", _("The jury, normalised")), normal)] if judged else []),
        *(
            [(Column("votes", pgettext_lazy("report", "Votes")), lambda row: row.votes)]
            if voted
            else []
        ),
    ]


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _authors(given: Given) -> Cell:
    """The names that the idea stands under in public; none of one that is hidden now."""
    if not given.place.idea.is_public or not given.names:
        return None
    return told(" · ".join(given.names), given.place.idea.contribution.language)


def _table(
    key: str, title: str | Promise, rows: list[Given], result: ContestResult, *, given: bool
) -> Table:
    scores = _scores(result)
    statuses = {one.value: words(one.label) for one in IdeaStatus}

    def line(one: Given) -> list[Cell]:
        row = one.place
        return [
            title_of(row.idea),
            _authors(one),
            *([words(_GIVEN[row.distinction]), row.prize or None] if given else []),
            *(read(row) for _column, read in scores),
            row.reason or None,
            statuses[row.idea.status],
            row.idea.contribution.public_id,
        ]

    return Table(
        key=key,
        title=title,
        columns=[
            TITLE,
            Column("authors", pgettext_lazy("report", "By"), "text"),
            *(
                [
                    Column("given", pgettext_lazy("report", "Result"), "words"),
                    Column("prize", pgettext_lazy("report", "Prize"), "words"),
                ]
                if given
                else []
            ),
            *(column for column, _read in scores),
            Column("reason", _("Reason"), "words"),
            Column("status", pgettext_lazy("report", "Status now"), "words"),
            NUMBER,
        ],
        rows=[line(one) for one in rows],
    )


def live(engagement: Engagement, as_of: dt.datetime) -> SectionData | None:
    """The published result: five queries, however many ideas. None before it is public."""
    result = _published(engagement)
    if result is None:
        return None
    groups = dict(summary(engagement)["groups"])
    passed = groups["passed-over"]
    chosen = [*groups[Distinction.AWARDED], *groups[Distinction.SHORTLISTED]]
    awarded = len(groups[Distinction.AWARDED])
    said = words(
        lambda: (
            ngettext("%(count)d idea is awarded.", "%(count)d ideas are awarded.", awarded)
            % {"count": awarded}
        )
    )

    def told_of(rows: list[Given]) -> list[dict[str, Any]]:
        return [
            {
                "id": one.place.idea.contribution.public_id,
                "place": one.place.place,
                "status": one.place.idea.status,
            }
            for one in rows
        ]

    return SectionData(
        figures={
            "basis": result.basis,
            "awarded": told_of(groups[Distinction.AWARDED]),
            "shortlisted": told_of(groups[Distinction.SHORTLISTED]),
            "passed_over": told_of(passed),
        },
        lines=[said, words(lambda: _decided(result))],
        tables=[
            *(
                [_table("winners", _("Awarded and shortlisted ideas"), chosen, result, given=True)]
                if chosen
                else []
            ),
            *(
                [
                    _table(
                        "passed-over",
                        _("Not chosen, though placed before others"),
                        passed,
                        result,
                        given=False,
                    )
                ]
                if passed
                else []
            ),
        ],
    )


def build(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """The same."""
    return live(engagement, as_of) or SectionData()


def register() -> None:
    """A result is public for everybody, or not there at all."""
    add(
        Section(
            key="winners",
            title=_("Winners and shortlist"),
            order=22,
            build=build,
            live=live,
            applies=announced,
        )
    )
