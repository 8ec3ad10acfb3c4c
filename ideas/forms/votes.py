"""Forms of the vote. They hold what was chosen; the contest's kind and the ballot judge it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.templatetags.kaifong import lang_attr
from ideas.actions.votes import HIGHEST_COST
from ideas.models import Idea
from ideas.voting import Option, VotingKind

COST = "cost-"


class VoteForm(forms.Form):
    """The ideas of one's vote, as the contest's kind asks for them."""

    def __init__(
        self,
        *args: Any,
        kind: VotingKind,
        options: Iterable[Option],
        chosen: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields.update(kind.fields(options, chosen))

    def choices(self) -> dict[str, int]:
        """What was chosen. Raises ``Invalid`` for an idea twice or none of the ballot's."""
        data = self.data
        lists = {name: data.getlist(name) for name in data} if hasattr(data, "getlist") else {}
        return self.kind.read(self.cleaned_data, lists)


class CostsForm(forms.Form):
    """What each idea costs; empty for one that is not on the ballot."""

    def __init__(self, *args: Any, ideas: Iterable[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for idea in ideas:
            entry = idea.contribution
            cost = getattr(idea, "cost", None)
            self.fields[f"{COST}{entry.public_id}"] = forms.IntegerField(
                label=format_html("<span{}>{}</span>", lang_attr(entry.language), idea.title),
                required=False,
                min_value=1,
                max_value=HIGHEST_COST,
                initial=cost.amount if cost else None,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={
                    "invalid": _("Enter a cost in whole Hong Kong dollars, or nothing."),
                    "min_value": _("Enter a cost in whole Hong Kong dollars, or nothing."),
                    "max_value": _("Enter a cost in whole Hong Kong dollars, or nothing."),
                },
            )

    def costs(self) -> dict[str, int | None]:
        """The costs by idea."""
        return {
            name.removeprefix(COST): value
            for name, value in self.cleaned_data.items()
            if name.startswith(COST)
        }
