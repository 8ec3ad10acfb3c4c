"""An outcome as everybody reads it: asked, said with figures and quotes, decided.

Quotes are read from the register each time: a text that is withheld or withdrawn, or whose author
has gone, leaves a stub. Decisions are given only once the outcome is published.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock, disclosure, texts
from core.texts import Text
from participation import faces, kinds, outcome_targets
from participation.models import (
    Citation,
    Contribution,
    Engagement,
    Outcome,
    OutcomeItem,
    Receipt,
    Verdict,
)
from participation.outcome_targets import PartView, TargetKind, TargetView
from participation.policies import can_see_results
from participation.stages import today

FIGURES: dict[str, str | Promise] = {
    "received": _("Received in all"),
    "published": _("of which public"),
    "voters": _("People who voted"),
    "agree": _("Agree"),
    "disagree": _("Disagree"),
    "pass": _("Pass"),
    "answers": _("People who answered"),
}
#: Why a quote is no longer shown, by the contribution's state.
STUBS: dict[str, str | Promise] = {
    "withheld": _("The text quoted here was withheld later under the house rules."),
    "withdrawn": _("The text quoted here was withdrawn by its author later."),
    "erased": _("Whoever wrote the text quoted here has closed the account; it is quoted no more."),
    "hidden": _("The text quoted here is no longer public."),
    "sealed": _("The answer quoted here is shown when the results are."),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """One quote: the text with its language and name, or ``stub`` with the reason and no text."""

    public_id: str
    part: str
    text: str = ""
    language: str = ""
    name: str = ""
    name_withheld: bool = False
    path: str = ""
    stub: str | Promise = ""
    #: The key of ``stub`` in ``STUBS``, for programs.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure with its words. ``hidden``: it is not told, and has no value.

    ``few``: it is hidden where no count of the part is told but that all are under five. One that
    is hidden among others may be larger (``core.disclosure``), and must not be called so.
    ``withheld``: its words repeat a text that nobody may read any more, and are not shown.
    """

    label: str | Promise
    language: str
    value: int | None
    of: int | None
    hidden: bool = False
    few: bool = False
    withheld: bool = False

    @property
    def share(self) -> int | None:
        """Whole per cent of ``of``."""
        return round(100 * self.value / self.of) if self.of and self.value is not None else None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One part of the outcome as a page shows it."""

    item: OutcomeItem
    title: Text
    label: str | Promise
    path: str
    quotes: list[Quote]
    figures: list[FigureLine]
    as_at: dt.datetime | None
    sealed: bool
    #: The decision is public.
    decided: bool
    #: Why some figures are hidden must be said: they are not simply few.
    hides: bool = False
    verdict: str | Promise = ""
    #: On a receipt: the contribution itself is quoted here.
    cited: bool = field(default=False)
    #: What it answers to as its room knows it now; None when the room knows it no more.
    target: TargetView | None = None
    #: What was asked repeats words that nobody may read any more: it is not shown.
    withheld: bool = False


def figure_lines(
    figures: dict[str, Any], language: str, withheld: Collection[str] = ()
) -> list[FigureLine]:
    """The rows of an item's figures in a language. ``withheld``: texts that none may repeat.

    Counts of options under five are hidden, and so is the next smallest where a hidden one could
    be worked out from the others; all of them, and how many answered, where fewer than five did.
    """
    rows = list(figures.get("rows", ()))
    options = [place for place, row in enumerate(rows) if row["key"] == "option"]
    away = {options[each] for each in disclosure.hidden([rows[at]["value"] for at in options])}
    answers = [place for place, row in enumerate(rows) if row["key"] == "answers"]
    few = any(disclosure.too_few(rows[place]["value"]) for place in answers)
    if few:
        away = {*answers, *options}
    lines = []
    for place, row in enumerate(rows):
        repeats = row.get("about", "") in withheld
        label = Text("", "") if repeats else texts.pick(row.get("label") or {}, language)
        lines.append(
            FigureLine(
                label=STUBS["hidden"] if repeats else label.text or _figure_label(row["key"]),
                language=label.language if label.text else "",
                value=None if place in away else row["value"],
                of=None if place in away else row.get("of"),
                hidden=place in away,
                few=few and place in away,
                withheld=repeats,
            )
        )
    return lines


def answered_late(engagement: Engagement, outcome: Outcome) -> int:
    """How many days after the promised date a published outcome came; 0 in time or before it."""
    if outcome.published_at is None or engagement.response_due is None:
        return 0
    return max(0, (today(outcome.published_at) - engagement.response_due).days)


def _figure_label(key: str) -> str | Promise:
    return FIGURES.get(key) or kinds.figure_label(key) or key


def as_at(figures: dict[str, Any]) -> dt.datetime | None:
    """When the figures were counted."""
    return dt.datetime.fromisoformat(figures["as_at"]) if figures.get("as_at") else None


def items_with_quotes(outcome: Outcome) -> list[OutcomeItem]:
    """The items that are not taken out, with their citations: three queries."""
    cited = Citation.objects.select_related(
        "contribution", "contribution__person", "contribution__comment__thread"
    )
    return list(
        outcome.items.filter(removed_at=None).prefetch_related(Prefetch("citations", cited))
    )


def views_of(
    engagement: Engagement,
    outcome: Outcome,
    items: Iterable[OutcomeItem],
    language: str,
    *,
    sealed: bool = False,
) -> list[ItemView]:
    """Items as pages show them, drafts too; who may see them is the caller's to ask.

    ``sealed``: answers are results that may not be seen yet, so none is quoted.
    """
    rows = list(items)
    for row in rows:
        row.outcome = outcome
    targets = outcome_targets.targets_of(engagement)
    parts = outcome_targets.read_parts(
        citation for row in rows for citation in row.citations.all() if citation.part
    )
    withheld = outcome_targets.withheld_keys(rows)
    return [
        _view(
            engagement,
            row,
            language,
            targets,
            None if sealed else parts,
            hidden=withheld.get(row.pk, frozenset()),
        )
        for row in rows
    ]


def public_items(engagement: Engagement, outcome: Outcome, language: str) -> list[ItemView]:
    """What everybody may read of an outcome now; nothing while neither step is published."""
    if outcome.heard_at is None and outcome.published_at is None:
        return []
    rows = [row for row in items_with_quotes(outcome) if row.heard_at is not None]
    # What was heard may be public while results still wait for the outcome.
    sealed = not can_see_results(engagement=engagement, now=clock.now()).allowed
    return views_of(engagement, outcome, rows, language, sealed=sealed)


def _view(
    engagement: Engagement,
    item: OutcomeItem,
    language: str,
    targets: dict[tuple[str, str], TargetView],
    parts: dict[tuple[int, str], PartView] | None,
    *,
    hidden: Collection[str],
) -> ItemView:
    """``hidden``: what of it nobody may read any more (``outcome_targets.withheld_keys``)."""
    withheld = item.target_key in hidden
    target = targets.get((item.target_kind, item.target_key))
    kind = outcome_targets.find(item.target_kind)
    figures = figure_lines(item.figures, language, hidden)
    return ItemView(
        item=item,
        title=_hidden_title(kind, language)
        if withheld
        else title_of(engagement, item, target, language),
        # The whole is its own title; the paper's stands above everything.
        label=kind.label if kind and kind.kind != outcome_targets.WHOLE and not withheld else "",
        path=texts.pick(target.path, language).text if target else "",
        quotes=[
            quote_of(engagement, citation, language, parts) for citation in item.citations.all()
        ],
        figures=figures,
        hides=any(line.hidden and not line.few for line in figures),
        as_at=as_at(item.figures),
        sealed=bool(item.figures.get("sealed")),
        decided=item.outcome.published_at is not None,
        verdict=Verdict(item.verdict).label if item.verdict else "",
        target=target,
        withheld=withheld,
    )


def _hidden_title(kind: TargetKind | None, language: str) -> Text:
    with translation.override(language):
        return Text(str(kind.label) if kind else "–", language)


def title_of(
    engagement: Engagement, item: OutcomeItem, target: TargetView | None, language: str
) -> Text:
    """What a part is about, as its heading says it; ``target`` is None for one that is gone."""
    if item.target_kind == outcome_targets.WHOLE:
        with translation.override(language):
            return Text(str(faces.words_of(engagement).whole), language)
    return texts.pick(target.title if target else item.asked, language)


def quote_of(
    engagement: Engagement,
    citation: Citation,
    language: str,
    parts: dict[tuple[int, str], PartView] | None,
) -> Quote:
    """A citation as it may be shown now; ``parts`` is None while answers are sealed."""
    row = citation.contribution
    stub = _stub(row, citation, parts)
    if stub:
        # Not even the id: a stub tells nothing of whose it was.
        return Quote("", "", stub=STUBS[stub], reason=stub)
    part = parts.get((row.pk, citation.part)) if citation.part and parts else None
    return Quote(
        public_id=row.public_id,
        part=citation.part,
        text=part.text if part else row.text,
        language=part.language if part else row.language,
        name=part.name if part else "" if row.name_withheld else row.author_name,
        name_withheld=row.name_withheld,
        path=part.path if part else _path(engagement, row),
    )


def _stub(
    row: Contribution, citation: Citation, parts: dict[tuple[int, str], PartView] | None
) -> str:
    if row.state in {"withheld", "withdrawn"}:
        return row.state
    if row.person is not None and row.person.erased_at is not None:
        return "erased"
    if citation.part:
        if parts is None:
            return "sealed"
        part = parts.get((row.pk, citation.part))
        return "" if part is not None and part.text else "hidden"
    return "" if row.state == "published" and row.kind != "response" else "hidden"


def _path(engagement: Engagement, row: Contribution) -> str:
    comment = getattr(row, "comment", None)
    if comment is None:
        return ""
    where = reverse("participation:comments", args=[engagement.public_id])
    return f"{where}?{urlencode({'on': comment.thread.key, 'at': row.public_id})}#c-{row.public_id}"


def considered(receipt: Receipt, outcome: Outcome, language: str) -> list[ItemView]:
    """Where what the receipt stands for was considered: public items that quote it or answer its
    target; for votes the items on statements. The quoting ones come first."""
    engagement, contribution = receipt.engagement, receipt.contribution
    views = public_items(engagement, outcome, language)
    if contribution is None:
        return [view for view in views if view.item.target_kind in {"statement", "whole"}]
    if contribution.state in {"withdrawn", "withheld"}:
        # The bureau did not weigh it.
        return []
    about = outcome_targets.keys_of(contribution)
    found = []
    for view in views:
        cited = any(row.contribution_id == contribution.pk for row in view.item.citations.all())
        if cited or (view.item.target_kind, view.item.target_key) in about:
            found.append(
                ItemView(
                    **{name: getattr(view, name) for name in view.__slots__ if name != "cited"},
                    cited=cited,
                )
            )
    return sorted(found, key=lambda view: not view.cited)
