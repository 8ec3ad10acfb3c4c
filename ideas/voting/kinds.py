"""The four ways: approval, a number of votes, stars, a budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.exceptions import Invalid
from core.templatetags.kaifong import number
from ideas.voting.base import Counts, Option, Standing, Sum, VoteRules, VotingKind, unmarked

#: How sure the lower bound of stars is: 95 of 100, one-sided.
Z = 1.65
#: Places a score is rounded to, so that every machine orders alike.
PLACES = 6


class Approval(VotingKind):
    """As many ideas as one likes, one vote each."""

    key = "approval"
    name = gettext_lazy("Choose all the ideas you like")
    adding = gettext_lazy("I support this idea")

    def explain(self, rules: VoteRules) -> list[str]:
        return [
            _("Choose as many ideas as you like. Each gets one vote from you."),
            _("The idea with the most votes comes first."),
        ]


class Several(VotingKind):
    """At most so many ideas, one vote each."""

    key = "votes"
    name = gettext_lazy("A number of votes for each person")
    needs = "most"

    def explain(self, rules: VoteRules) -> list[str]:
        return [
            ngettext(
                "You have %(most)d vote. Give it to the idea you like best.",
                "You have %(most)d votes. Give them to different ideas; you need not use all.",
                rules.most,
            )
            % {"most": rules.most},
            _("The idea with the most votes comes first."),
        ]

    def check(self, chosen: Mapping[str, int], costs: Mapping[str, int], rules: VoteRules) -> None:
        super().check(chosen, costs, rules)
        if len(chosen) > rules.most:
            raise Invalid(
                ngettext(
                    "You chose %(chosen)d ideas and have %(most)d vote. Take some out.",
                    "You chose %(chosen)d ideas and have %(most)d votes. Take some out.",
                    rules.most,
                )
                % {"chosen": len(chosen), "most": rules.most},
                code="too-many",
            )


class Stars(VotingKind):
    """One to five stars for as many ideas as one likes."""

    key = "stars"
    name = gettext_lazy("One to five stars")
    values = (1, 2, 3, 4, 5)
    #: The field of an idea is this and its id.
    PREFIX = "stars-"

    def explain(self, rules: VoteRules) -> list[str]:
        return [
            _("Give one to five stars to as many ideas as you like. Five is best."),
            _(
                "Ideas are ordered by a cautious estimate: few people with many stars do not go "
                "before many people with nearly as many. How many gave each star is shown too."
            ),
        ]

    def score(self, counts: Counts) -> float:
        """The lower end of what the mean may be, given how few or many gave stars.

        Each star counts one more than was given (nothing known: all alike); then the mean less
        ``Z`` standard deviations of it. Nobody: nought.
        """
        given = sum(counts.values())
        if not given:
            return 0.0
        values = len(self.values)
        shares = {star: (counts.get(star, 0) + 1) / (given + values) for star in self.values}
        mean = sum(star * share for star, share in shares.items())
        square = sum(star * star * share for star, share in shares.items())
        spread = math.sqrt(max(square - mean * mean, 0.0) / (given + values + 1))
        return round(mean - Z * spread, PLACES)

    def fields(
        self, options: Iterable[Option], chosen: Mapping[str, int]
    ) -> dict[str, forms.Field]:
        return {
            f"{self.PREFIX}{one.public_id}": unmarked(
                forms.ChoiceField(
                    label=self.label(one),
                    choices=[
                        ("", _("No stars")),
                        *(
                            (
                                str(star),
                                ngettext("%(star)d star", "%(star)d stars", star) % {"star": star},
                            )
                            for star in self.values
                        ),
                    ],
                    initial=str(chosen.get(one.public_id, "")),
                    required=False,
                    widget=forms.Select,
                )
            )
            for one in options
        }

    def read(self, cleaned: Mapping[str, object], data: Mapping[str, list[str]]) -> dict[str, int]:
        found = {}
        for name, given in data.items():
            if not name.startswith(self.PREFIX):
                continue
            if name not in cleaned:
                raise Invalid(_("This idea is not on the ballot."), code="unknown")
            if len(given) > 1:
                raise Invalid(_("An idea was chosen twice."), code="repeated")
            if cleaned[name]:
                found[name.removeprefix(self.PREFIX)] = int(str(cleaned[name]))
        return found


class Budget(VotingKind):
    """Ideas with a cost, together no more than a sum."""

    key = "budget"
    name = gettext_lazy("Spend a budget")
    needs_cost = True
    needs = "budget"

    def explain(self, rules: VoteRules) -> list[str]:
        return [
            _("You decide how HK$%(sum)s are spent. Choose ideas until the money is gone.")
            % {"sum": number(rules.budget)},
            _(
                "Ideas are taken in the order of votes as long as the money reaches; one that no "
                "longer fits is passed over."
            ),
        ]

    def check(self, chosen: Mapping[str, int], costs: Mapping[str, int], rules: VoteRules) -> None:
        super().check(chosen, costs, rules)
        found = Sum(sum(costs[idea] for idea in chosen), rules.budget)
        if found.over:
            raise Invalid(
                _(
                    "Your ideas cost HK$%(spent)s together, HK$%(over)s more than there is. Take "
                    "some out."
                )
                % {"spent": number(found.spent), "over": number(found.over)},
                code="over-budget",
            )

    def sum_up(self, chosen: Iterable[Option], rules: VoteRules) -> Sum | None:
        return Sum(sum(one.cost or 0 for one in chosen), rules.budget)

    def label(self, option: Option) -> str:
        cost = _("costs HK$%(cost)s") % {"cost": number(option.cost or 0)}
        return format_html("{} – {}", super().label(option), cost)

    def order(
        self, totals: Mapping[str, Counts], costs: Mapping[str, int], rules: VoteRules
    ) -> list[Standing]:
        left = rules.budget
        found = []
        for one in super().order(totals, costs, rules):
            cost = costs[one.public_id]
            funded = bool(one.votes) and cost <= left
            left -= cost if funded else 0
            found.append(replace(one, funded=funded))
        return found


KINDS: dict[str, VotingKind] = {
    kind.key: kind for kind in (Approval(), Several(), Stars(), Budget())
}


def kind_named(key: str) -> VotingKind:
    """The way to vote of this name. Raises LookupError for none of ours."""
    return KINDS[key]
