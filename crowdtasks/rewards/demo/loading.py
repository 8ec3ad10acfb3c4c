"""Loading the room's part through the same actions that administrators use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import Account, Bureau
from core import audit, clock
from core.ids import public_id
from core.models import MediaImage
from crowdtasks.rewards.actions.catalogue import Details, create_reward, offer_reward
from crowdtasks.rewards.actions.redeeming import redeem_reward
from crowdtasks.rewards.actions.stock import add_units, import_codes
from crowdtasks.rewards.models import Reward, RewardState
from participation.demo import Part, Scene

from .data import OFFERS, SPENT, Offer
from .picture import draw

#: Days since it all stands in the catalogue.
OFFERED = 20


def load(scene: Scene, tell: Callable[[str], None]) -> None:
    """Write the rewards, fill the stock, put them into the catalogue."""
    by = scene.crowd.accounts["admin"]
    for offer in OFFERS:
        tell(f"  {offer.name['en']}")
        with scene.on(scene.days.at(-OFFERED)):
            _put_up(offer, by)


def _put_up(offer: Offer, by: Account) -> None:
    row = create_reward(details=_details(offer, by), by=by)
    if offer.kind == "voucher":
        import_codes(reward=row, content=_codes(row, offer.stock), by=by)
    else:
        add_units(reward=row, number=offer.stock, by=by)
    offer_reward(reward=row, by=by)


def _details(offer: Offer, by: Account) -> Details:
    picture = MediaImage.objects.create(
        title=offer.name["en"],
        file=ContentFile(draw(offer.picture), name=f"demo-{offer.picture}.png"),
        uploaded_by_user=by,
    )
    texts = ("name", "summary", "terms", "collect_at", "picture_alt")
    return Details(
        bureau=Bureau.objects.get(code=offer.bureau),
        kind=offer.kind,
        points=offer.points,
        per_person=offer.per_person,
        opens_at=clock.now(),
        picture=picture,
        texts={name: getattr(offer, name) for name in texts},
    )


def spend(scene: Scene, tell: Callable[[str], None]) -> None:
    """Somebody redeems one, once everything was earned."""
    who, name, days = SPENT
    tell(f"  {name}")
    account = scene.crowd.accounts[who]
    row = Reward.objects.filter(name__en=name, state=RewardState.OFFERED).order_by("pk").last()
    if row is None:
        raise LookupError(f"There is no {name!r} in the catalogue.")
    with scene.on(scene.days.at(-days, 20)):
        redeem_reward(
            reward=row,
            person=account.person,
            account=account,
            agreed=row.points,
            key=f"demo:{public_id()}",
        )


def _codes(row: Reward, number: int) -> bytes:
    """Codes that no shop takes: each says that it is the demonstration's."""
    names = (f"{row.public_id}:{place}".encode() for place in range(number))
    parts = (hashlib.sha256(name).hexdigest()[:24].upper() for name in names)
    return "\n".join(["code", *(f"DEMO-{part}" for part in parts)]).encode()


@transaction.atomic
def tidy() -> None:
    """Take away what nobody redeemed; the rest leaves the catalogue, for the ledger names it."""
    names = [offer.name["en"] for offer in OFFERS]
    for row in Reward.objects.filter(name__en__in=names):
        if row.redemptions.exists():
            _take_out(row)
            continue
        units, batches = list(row.units.all()), list(row.batches.all())
        gone = [*units, *batches, row]
        audit.record("reward.erase", actor=audit.SYSTEM, subject=row.public_id, rows=gone)
        row.units.all().delete()
        row.batches.all().delete()
        picture = row.picture
        row.delete()
        if picture is not None:
            picture.delete()


def _take_out(row: Reward) -> None:
    """It leaves the catalogue with its stock; what somebody had of it stays."""
    units = list(row.units.filter(redemption=None))
    held = row.units.exclude(redemption=None).values("batch")
    batches = list(row.batches.exclude(pk__in=held))
    audit.record("reward.erase", actor=audit.SYSTEM, subject=row.public_id, rows=[*units, *batches])
    row.units.filter(pk__in=[unit.pk for unit in units]).delete()
    row.batches.filter(pk__in=[batch.pk for batch in batches]).delete()
    picture, row.picture, row.state = row.picture, None, RewardState.WITHDRAWN
    row.save(update_fields=["picture", "state"])
    audit.record("reward.withdraw", actor=audit.SYSTEM, subject=row.public_id, rows=[row])
    if picture is not None:
        picture.delete()


PART = Part((), load, tidy)
SPENT_PART = Part((), spend, lambda: None, order=200)
