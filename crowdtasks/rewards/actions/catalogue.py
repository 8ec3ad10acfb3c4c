"""What administrators write into the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau
from core import audit, clock, limits
from core.exceptions import Conflict, Invalid
from core.models import MediaImage
from core.simplified import to_simplified
from core.text import clean_text
from crowdtasks.rewards.models import Reward, RewardKind, RewardState, Unit
from crowdtasks.rewards.models.catalogue import PER_PERSON_MAXIMUM, POINTS_MAXIMUM
from crowdtasks.rewards.policies import require_manager

NAME_MAXIMUM = 100
SUMMARY_MAXIMUM = 1_000
TERMS_MAXIMUM = 5_000
ALT_MAXIMUM = 200
COLLECT_DAYS_MAXIMUM = 365
#: Texts of a reward: how long each may be, and whether it stands on one line.
TEXTS: Mapping[str, tuple[int, bool]] = {
    "name": (NAME_MAXIMUM, False),
    "summary": (SUMMARY_MAXIMUM, True),
    "terms": (TERMS_MAXIMUM, True),
    "collect_at": (SUMMARY_MAXIMUM, True),
    "picture_alt": (ALT_MAXIMUM, False),
}
#: Texts that every reward has in English and Traditional Chinese before it is offered.
NEEDED = ("name", "summary", "terms")


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """A reward as it was typed. ``texts``: field -> language -> text."""

    bureau: Bureau
    kind: str
    points: int
    opens_at: dt.datetime
    closes_at: dt.datetime | None = None
    per_person: int | None = None
    picture: MediaImage | None = None
    supplier: str = ""
    product: str = ""
    collect_days: int = 30
    returns_uncollected: bool = True
    low_at: int = 10
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@transaction.atomic
def create_reward(*, details: Details, by: Account) -> Reward:
    """A draft. Raises ``Refused``, ``Invalid`` with the field, ``TooMany``."""
    require_manager(by)
    limits.spend("manage_rewards", by.public_id)
    now = clock.now()
    row = Reward(created_by=by, created_at=now, kind=RewardKind(details.kind))
    _write(row, details)
    audit.record("reward.create", actor=by, subject=row.public_id, rows=[row])
    return row


@transaction.atomic
def change_reward(*, reward: Reward, details: Details, by: Account) -> Reward:
    """Change what is said and asked. Kind and supplier stand once there is stock.

    What has been redeemed keeps its price. Raises ``Refused``, ``Invalid``, ``TooMany``.
    """
    require_manager(by)
    limits.spend("manage_rewards", by.public_id)
    row = Reward.objects.select_for_update().get(pk=reward.pk)
    fixed = (row.kind, row.supplier) != (details.kind, details.supplier)
    if fixed and Unit.objects.filter(reward=row).exists():
        field_name = "kind" if row.kind != details.kind else "supplier"
        raise Invalid(
            _("This cannot be changed once something has been in stock."), field=field_name
        )
    row.kind = RewardKind(details.kind)
    _write(row, details)
    if row.state == RewardState.OFFERED:
        _check_whole(row)
    audit.record("reward.change", actor=by, subject=row.public_id, rows=[row])
    return row


@transaction.atomic
def offer_reward(*, reward: Reward, by: Account) -> Reward:
    """Put it into the catalogue. Raises ``Refused``, ``Invalid`` for what is not yet written."""
    require_manager(by)
    limits.spend("manage_rewards", by.public_id)
    row = Reward.objects.select_for_update().get(pk=reward.pk)
    if row.state == RewardState.OFFERED:
        return row
    _check_whole(row)
    row.state, row.changed_at = RewardState.OFFERED, clock.now()
    row.save(update_fields=["state", "changed_at"])
    audit.record("reward.offer", actor=by, subject=row.public_id, rows=[row])
    return row


@transaction.atomic
def withdraw_reward(*, reward: Reward, by: Account) -> Reward:
    """Take it out of the catalogue; what was redeemed stays. Raises ``Refused``, ``Conflict``."""
    require_manager(by)
    limits.spend("manage_rewards", by.public_id)
    row = Reward.objects.select_for_update().get(pk=reward.pk)
    if row.state != RewardState.OFFERED:
        raise Conflict(_("This reward is not in the catalogue."))
    row.state, row.changed_at = RewardState.WITHDRAWN, clock.now()
    row.save(update_fields=["state", "changed_at"])
    audit.record("reward.withdraw", actor=by, subject=row.public_id, rows=[row])
    return row


def _write(row: Reward, details: Details) -> None:
    _check_numbers(details)
    for name, (longest, multiline) in TEXTS.items():
        setattr(row, name, _texts(name, details.texts.get(name, {}), longest, multiline))
    if not any(row.name.values()):
        raise Invalid(_("Give the reward a name."), field="name_en")
    for name in (
        *("bureau", "points", "opens_at", "closes_at", "per_person", "picture"),
        *("collect_days", "returns_uncollected", "low_at"),
    ):
        setattr(row, name, getattr(details, name))
    row.supplier, row.product = _supplier(details)
    row.changed_at = clock.now()
    row.save()


def _texts(name: str, typed: Mapping[str, str], longest: int, multiline: bool) -> dict[str, str]:
    """The texts by language; Simplified follows Traditional where nobody wrote it."""
    kept: dict[str, str] = {}
    for language in ("en", "zh-hant", "zh-hans"):
        text = clean_text(
            typed.get(language, ""),
            max_length=longest,
            field=f"{name}_{language.replace('-', '_')}",
            multiline=multiline,
            required=False,
        )
        if text:
            kept[language] = text
    if "zh-hant" in kept and "zh-hans" not in kept:
        kept["zh-hans"] = to_simplified(kept["zh-hant"])
    return kept


def _check_numbers(details: Details) -> None:
    if not 1 <= details.points <= POINTS_MAXIMUM:
        raise Invalid(_("A reward costs from 1 to 1,000,000 points."), field="points")
    if details.per_person is not None and not 1 <= details.per_person <= PER_PERSON_MAXIMUM:
        raise Invalid(_("One person may have from 1 to 100 of it."), field="per_person")
    if not 1 <= details.collect_days <= COLLECT_DAYS_MAXIMUM:
        raise Invalid(_("A prize is kept from 1 to 365 days."), field="collect_days")
    if details.closes_at is not None and details.closes_at <= details.opens_at:
        raise Invalid(_("The last day comes before the first."), field="last_day")


def _supplier(details: Details) -> tuple[str, str]:
    if details.kind != RewardKind.VOUCHER or not details.supplier:
        return "", ""
    if details.supplier not in settings.KAIFONG["VOUCHER_SUPPLIERS"]:
        raise Invalid(_("No supplier of this name is set up."), field="supplier")
    product = clean_text(details.product, max_length=80, field="product", multiline=False)
    return details.supplier, product


def _check_whole(row: Reward) -> None:
    """Whether it can be read in the platform's languages. Raises ``Invalid``."""
    needed = (*NEEDED, "collect_at") if row.is_prize else NEEDED
    needed = (*needed, "picture_alt") if row.picture_id else needed
    for name in needed:
        texts: dict[str, Any] = getattr(row, name)
        for language in ("en", "zh-hant"):
            if not texts.get(language):
                raise Invalid(
                    _(
                        "This must be written in English and Traditional Chinese before it is "
                        "offered."
                    ),
                    field=f"{name}_{language.replace('-', '_')}",
                )
