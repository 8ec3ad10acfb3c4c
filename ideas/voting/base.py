"""What a way to vote says: what may be chosen, how it is asked, what counts, in words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exceptions import Invalid

#: How many of each value an idea was given.
Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class VoteRules:
    """What a contest says of its vote. ``most``: ideas a person may choose; ``budget``: HK$."""

    kind: str
    most: int = 0
    budget: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """An idea on the ballot; ``cost`` where the kind needs one."""

    public_id: str
    title: str
    language: str = ""
    cost: int | None = None


def unmarked(field: forms.Field) -> forms.Field:
    """A field that is not called optional: on a ballot that would be said of every idea."""
    field.unmarked = True  # type: ignore[attr-defined]
    return field


@dataclass(frozen=True, slots=True)
class Sum:
    """What chosen ideas cost together, of how much (HK$)."""

    spent: int
    budget: int

    @property
    def left(self) -> int:
        """What is left; nought where nothing is."""
        return max(self.budget - self.spent, 0)

    @property
    def over(self) -> int:
        """By how much there is too little; nought where it is enough."""
        return max(self.spent - self.budget, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """An idea among the others: by how much, in which place, and whether the money reaches it."""

    public_id: str
    votes: int
    score: float
    place: int
    counts: Counts
    funded: bool = False


class VotingKind(ABC):
    """One way to vote. Stateless; the contest's ``VoteRules`` come with each call."""

    key: ClassVar[str]
    name: ClassVar[str | Promise]
    #: What may be given to an idea; not chosen at all is no value.
    values: ClassVar[Sequence[int]] = (1,)
    #: Only ideas whose cost the bureau has set are on the ballot.
    needs_cost: ClassVar[bool] = False
    #: The words of the link that brings an idea to one's vote.
    adding: ClassVar[str | Promise] = gettext_lazy("Add to my vote")
    #: What of ``VoteRules`` the editor must fill.
    needs: ClassVar[str] = ""

    @abstractmethod
    def explain(self, rules: VoteRules) -> list[str]:
        """The rules in sentences for citizens: how to vote, then how it is counted."""

    def check(self, chosen: Mapping[str, int], costs: Mapping[str, int], rules: VoteRules) -> None:
        """Refuse what the rules do not allow. Raises ``Invalid``.

        ``chosen``: values by idea, each on the ballot; ``costs`` of those ideas.
        """
        if not chosen:
            raise Invalid(_("Choose at least one idea."), code="empty")
        if any(value not in self.values for value in chosen.values()):
            raise Invalid(_("Give each idea one of the values offered."), code="value")

    def sum_up(self, chosen: Iterable[Option], rules: VoteRules) -> Sum | None:
        """What these ideas cost together; None where nothing is spent."""
        return None

    def score(self, counts: Counts) -> float:
        """By what ideas are ordered, highest first."""
        return float(self.votes(counts))

    def votes(self, counts: Counts) -> int:
        """How many people chose the idea."""
        return sum(counts.values())

    def fields(
        self, options: Iterable[Option], chosen: Mapping[str, int]
    ) -> dict[str, forms.Field]:
        """The form's fields for these ideas; ``read`` understands what comes back."""
        listed = list(options)
        chosen_ideas = unmarked(
            forms.MultipleChoiceField(
                label=_("Ideas you chose"),
                choices=[(one.public_id, self.label(one)) for one in listed],
                initial=[one.public_id for one in listed if one.public_id in chosen],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("This idea is not on the ballot.")},
            )
        )
        return {"idea": chosen_ideas}

    def read(self, cleaned: Mapping[str, object], data: Mapping[str, list[str]]) -> dict[str, int]:
        """What was chosen, from a form that was valid. Raises ``Invalid`` for an idea twice."""
        ids = data.get("idea", [])
        if len(set(ids)) != len(ids):
            raise Invalid(_("An idea was chosen twice."), code="repeated")
        return dict.fromkeys(ids, 1)

    def label(self, option: Option) -> str:
        """An idea's words in the form."""
        from django.utils.html import format_html

        from core.templatetags.kaifong import lang_attr

        return format_html("<span{}>{}</span>", lang_attr(option.language), option.title)

    def order(
        self, totals: Mapping[str, Counts], costs: Mapping[str, int], rules: VoteRules
    ) -> list[Standing]:
        """All ideas by score; equals share a place and stand by their ids."""
        scored = sorted(
            ((self.score(counts), idea, counts) for idea, counts in totals.items()),
            key=lambda row: (-row[0], row[1]),
        )
        found: list[Standing] = []
        for number, (score, idea, counts) in enumerate(scored, start=1):
            same = bool(found) and found[-1].score == score
            place = found[-1].place if same else number
            found.append(Standing(idea, self.votes(counts), score, place, dict(counts)))
        return found
