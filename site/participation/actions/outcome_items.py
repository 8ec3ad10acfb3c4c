"""The parts of an outcome: begun from the paper's targets, written, quoted, moved, taken out."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core import clock, limits
from core.exceptions import Absent, Conflict, Invalid
from core.ids import is_public_id
from core.simplified import to_simplified
from core.text import clean_text
from core.texts import LANGUAGES
from participation import figures, material, outcome_targets
from participation.actions.outcomes import draft_of, lock_engagement, record, touch
from participation.models import (
    Citation,
    Contribution,
    ContributionKind,
    ContributionState,
    Engagement,
    Outcome,
    OutcomeItem,
    Verdict,
)

ITEM_LIMIT = 5_000
#: An outcome is read by people: more parts or quotes than these nobody reads.
MOST_ITEMS = 100
MOST_QUOTES = 20
#: Texts of an item; those of ``HEARD`` stand once what was heard is public.
HEARD = ("asked", "said")
DECIDED = ("decided", "why", "change")


@dataclass(frozen=True, kw_only=True)
class ItemText:
    """What the form of one item says; texts by language, Simplified drafted where it is empty."""

    asked: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    verdict: str = ""
    decided: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    change: Mapping[str, str] = field(default_factory=dict)
    change_on: dt.date | None = None


@transaction.atomic
def add_items(
    *, engagement: Engagement, targets: Iterable[tuple[str, str]], by: Account
) -> list[OutcomeItem]:
    """Begin an item for each target, 'asked' and the figures filled in; the outcome if need be.

    A target that has an item already is left alone. Raises Absent for what is no target of the
    engagement, Invalid for too many, and as ``draft_of``.
    """
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    outcome = draft_of(engagement, by)
    known = outcome_targets.targets_of(engagement)
    wanted = list(dict.fromkeys(targets))
    if any(target not in known for target in wanted):
        raise Absent
    now = clock.now()
    if outcome.pk is None:
        touch(outcome, now)
    there = _there(outcome)
    fresh = [target for target in known if target in wanted and target not in there]
    if len(there) + len(fresh) > MOST_ITEMS:
        raise Invalid(
            _("At most %(most)d parts: nobody reads more.") % {"most": MOST_ITEMS}, field="targets"
        )
    last = outcome.items.aggregate(last=Max("order"))["last"] or 0
    items = [
        OutcomeItem.objects.create(
            outcome=outcome,
            order=last + place,
            target_kind=kind,
            target_key=key,
            asked={code: text for code, text in known[kind, key].title.items() if text},
            figures=figures.pull(engagement, kind, key, now),
            written_by=by,
            updated_at=now,
        )
        for place, (kind, key) in enumerate(fresh, start=1)
    ]
    if items:
        touch(outcome, now)
        record("outcome.item_add", by, engagement, [outcome, *items])
    return items


def _there(outcome: Outcome) -> set[tuple[str, str]]:
    return set(outcome.items.filter(removed_at=None).values_list("target_kind", "target_key"))


def _held(engagement: Engagement, public_id: str, by: Account) -> tuple[Outcome, OutcomeItem]:
    """The locked outcome with one of its items. Raises Absent for what is not there."""
    outcome = draft_of(engagement, by)
    item = (
        OutcomeItem.objects.select_for_update(of=("self",))
        .filter(outcome=outcome.pk, public_id=public_id, removed_at=None)
        .first()
    )
    if item is None:
        raise Absent
    return outcome, item


def _clean(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    found = {
        language: clean_text(
            texts.get(language, ""),
            max_length=ITEM_LIMIT,
            field=f"{name}_{language}",
            required=False,
        )
        for language in LANGUAGES
    }
    if found["zh-hant"] and not found["zh-hans"]:
        found["zh-hans"] = to_simplified(found["zh-hant"])
    return {language: text for language, text in found.items() if text}


@transaction.atomic
def save_item(
    *, engagement: Engagement, item: str, text: ItemText, revision: int | None, by: Account
) -> OutcomeItem:
    """Write one item. ``revision`` is that of the item the form showed.

    Raises Conflict (code 'edited') when a colleague has saved it since, Invalid with the field at
    fault. Once what was heard is public, asked and said stay as they are.
    """
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    outcome, row = _held(engagement, item, by)
    if revision is not None and revision != row.revision:
        who = row.written_by.get_full_name() if row.written_by else ""
        raise Conflict(
            _("%(name)s has changed this part since you opened it. Your words are kept below.")
            % {"name": who or _("A colleague")},
            code="edited",
        )
    if text.verdict and text.verdict not in Verdict.values:
        raise Invalid(_("Choose what became of it."), field="verdict")
    values: dict[str, Any] = {name: _clean(name, getattr(text, name)) for name in DECIDED}
    values |= {"verdict": text.verdict, "change_on": text.change_on}
    if row.heard_at is None:
        values |= {name: _clean(name, getattr(text, name)) for name in HEARD}
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.written_by = by
        _save(row, clock.now())
        touch(outcome, row.updated_at)
        record("outcome.item_save", by, engagement, [outcome, row])
    return row


def _save(row: OutcomeItem, now: dt.datetime) -> None:
    row.updated_at = now
    row.revision += 1
    row.save()


def _check_unsealed(row: OutcomeItem) -> None:
    if row.heard_at is not None:
        raise Conflict(_("What was heard is public; it stands as it was published."))


@transaction.atomic
def refresh_figures(*, engagement: Engagement, item: str, by: Account) -> OutcomeItem:
    """Count the figures of an item anew, as at now. Conflict once what was heard is public."""
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    outcome, row = _held(engagement, item, by)
    _check_unsealed(row)
    now = clock.now()
    row.figures = figures.pull(engagement, row.target_kind, row.target_key, now)
    _save(row, now)
    touch(outcome, now)
    record("outcome.item_save", by, engagement, [outcome, row])
    return row


@transaction.atomic
def cite(
    *, engagement: Engagement, item: str, sources: Iterable[tuple[str, str]], by: Account
) -> OutcomeItem:
    """Quote contributions in an item: ``sources`` are (contribution's public id, part).

    Only texts that are public now can be quoted; raises Invalid for any other, also for one of
    another engagement. Quoting again adds nothing.
    """
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    outcome, row = _held(engagement, item, by)
    _check_unsealed(row)
    wanted = list(dict.fromkeys(sources))
    found = {
        contribution.public_id: contribution
        for contribution in Contribution.objects.filter(
            engagement=engagement,
            public_id__in={source for source, _part in wanted if is_public_id(source)},
        ).by_citizens()
    }
    rows = []
    for source, part in wanted:
        contribution = found.get(source)
        if contribution is None or not _is_public(contribution, part):
            raise Invalid(
                _("Only what is public can be quoted."), field="quotes", code="not-public"
            )
        rows.append((contribution, part))
    there = set(row.citations.values_list("contribution_id", "part"))
    fresh = [pair for pair in rows if (pair[0].pk, pair[1]) not in there]
    if len(there) + len(fresh) > MOST_QUOTES:
        raise Invalid(
            _("At most %(most)d quotes for one part.") % {"most": MOST_QUOTES}, field="quotes"
        )
    last = row.citations.aggregate(last=Max("order"))["last"] or 0
    for place, (contribution, part) in enumerate(fresh, start=1):
        Citation.objects.create(item=row, contribution=contribution, part=part, order=last + place)
    if fresh:
        _finish_quotes(outcome, row, engagement, by)
    return row


def _is_public(contribution: Contribution, part: str) -> bool:
    if part and not is_public_id(part):
        return False
    if part:
        if material.answers_wait(contribution.engagement):
            return False
        probe = Citation(contribution=contribution, part=part)
        view = outcome_targets.read_parts([probe]).get((contribution.pk, part))
        return view is not None and bool(view.text)
    # A response is public answer by answer, never as a whole.
    whole = contribution.kind != ContributionKind.RESPONSE and bool(contribution.text)
    return whole and contribution.state == ContributionState.PUBLISHED


@transaction.atomic
def uncite(
    *, engagement: Engagement, item: str, source: str, part: str = "", by: Account
) -> OutcomeItem:
    """Take a quote out again. What is public already stands; Conflict then."""
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    outcome, row = _held(engagement, item, by)
    _check_unsealed(row)
    if not is_public_id(source) or (part and not is_public_id(part)):
        return row
    gone, _counts = row.citations.filter(contribution__public_id=source, part=part).delete()
    if gone:
        _finish_quotes(outcome, row, engagement, by)
    return row


def _finish_quotes(outcome: Outcome, row: OutcomeItem, engagement: Engagement, by: Account) -> None:
    row.written_by = by
    _save(row, clock.now())
    touch(outcome, row.updated_at)
    record("outcome.item_quotes", by, engagement, [outcome, row])


@transaction.atomic
def move_item(*, engagement: Engagement, item: str, up: bool, by: Account) -> OutcomeItem:
    """Change places with the part above or below; at the end nothing moves."""
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    outcome, row = _held(engagement, item, by)
    rows = list(outcome.items.select_for_update(of=("self",)).filter(removed_at=None))
    place = next(index for index, one in enumerate(rows) if one.pk == row.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        now = clock.now()
        moved = []
        for number, one in enumerate(rows, start=1):
            if one.order != number:
                one.order = number
                one.save(update_fields=["order"])
                moved.append(one)
        touch(outcome, now)
        record("outcome.item_move", by, engagement, [outcome, *moved])
    row.refresh_from_db()
    return row


@transaction.atomic
def remove_item(*, engagement: Engagement, item: str, by: Account) -> None:
    """Take a part out; its row stays. What was heard in public stays there: Conflict."""
    limits.spend("desk_write", by.public_id)
    engagement = lock_engagement(engagement)
    outcome, row = _held(engagement, item, by)
    _check_unsealed(row)
    now = clock.now()
    row.removed_at = now
    _save(row, now)
    touch(outcome, now)
    record("outcome.item_remove", by, engagement, [outcome, row])
