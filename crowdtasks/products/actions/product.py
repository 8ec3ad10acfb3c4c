"""What publishing a product writes: a row for each build."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock
from core.exceptions import Invalid
from core.texts import LANGUAGES
from crowdtasks.products import hooks
from crowdtasks.products.links import check_link
from crowdtasks.products.models import Attempt, Build, Product, ProductPage, Round
from participation.actions.engagement import Schedule
from participation.models import Engagement

#: The kind of engagement a product is.
KIND = "product"
TEXTS = ("to_try", "known_issues", "changes")
_CHUNK = 1 << 20


def schedule_of(draft: ProductPage) -> Schedule:
    """What the source page says of its engagement. Raises ``Invalid`` without a day."""
    opens_at, closes_at = draft.opens_at, draft.closes_at
    if opens_at is None or closes_at is None:
        raise Invalid(_("Enter the day from which it is public."), field="opens_on")
    return Schedule(
        opens_at=opens_at,
        closes_at=closes_at,
        title={draft.language: draft.title},
        file_number=draft.file_number,
        topics=list(draft.topics),
        districts=list(draft.districts),
        moderation_policy=draft.moderation_policy,
        results_from=draft.results_from,
        # A product is followed, and whoever uses it reports what is wrong with it; the rest of
        # taking part is in its rounds.
        verbs=("test",),
    )


def check_tried(draft: ProductPage, engagement: Engagement, *, files: bool) -> None:
    """Refuse another version, address or file of a build that people have tried: what they said is
    of the one they had. Raises ``Invalid`` (field 'builds').

    ``files``: look into files too whose document is the same; it may have been given another.
    """
    known = {row.block_id: row for row in Build.objects.filter(product=engagement.pk)}
    _refuse_tried(_altered(draft.builds, known, files=files))


@transaction.atomic
def write_product(
    *,
    engagement: Engagement,
    opening: Mapping[str, ProductPage],
    source: str,
    by: Account | None,
) -> None:
    """Write the rows of the versions that open; called by the desk's publishing alone.

    A build whose block is gone is retired. Raises ``Invalid`` (field 'builds') for an address that
    not everybody reaches, and for another build under the name of one that people have tried.
    """
    product, _created = Product.objects.get_or_create(engagement=engagement)
    known = {row.block_id: row for row in Build.objects.filter(product=product)}
    altered = _altered(opening[source].builds, known, files=True)
    # Whoever begins a try waits for these rows, or is seen.
    list(Round.objects.select_for_update().filter(build__in=altered).order_by("pk"))
    _refuse_tried(altered)
    texts = _texts(opening)
    rows: list[models.Model] = [product]
    kept = {str(block.id) for block in opening[source].builds}
    # First what goes: its version may be taken by another.
    for row in known.values():
        if row.block_id not in kept and row.retired_at is None:
            row.retired_at = clock.now()
            row.save(update_fields=["retired_at"])
            rows.append(row)
    for order, block in enumerate(opening[source].builds, start=1):
        row = known.get(str(block.id)) or Build(product=product, block_id=str(block.id))
        _fill(row, block.value, texts[row.block_id], order)
        row.save()
        rows.append(row)
    audit.record(
        "product.publish",
        actor=by or audit.SYSTEM,
        engagement_id=engagement.public_id,
        rows=rows,
    )
    hooks.tell_builds(product)


def _altered(blocks: Iterable[Any], known: Mapping[str, Build], *, files: bool) -> list[Build]:
    """The builds that would be another: by version, address or file."""
    return [
        row
        for block in blocks
        if (row := known.get(str(block.id))) is not None
        and (
            block.value["version"].strip() != row.version
            or (check_link(block.value["link"]) if block.value["link"] else "") != row.link
            or _is_another_file(row, block.value["document"], look=files)
        )
    ]


def _is_another_file(row: Build, document: Any, *, look: bool) -> bool:
    """Whether the document is not what was published; the same file uploaded again is."""
    if document is None:
        return bool(row.sha256)
    if document.pk == row.document_id and not look:
        return False
    return _measured(document)[0] != row.sha256


def _refuse_tried(altered: list[Build]) -> None:
    tried = Attempt.objects.filter(round__build__in=altered).select_related("round__build").first()
    if tried is not None:
        raise Invalid(
            _(
                "People have tried build %(version)s already: its version, address and file stay. "
                "Add another build for what is new."
            )
            % {"version": tried.round.build.version},
            field="builds",
        )


def _fill(row: Build, said: Any, texts: Mapping[str, Any], order: int) -> None:
    row.order, row.retired_at = order, None
    row.version = said["version"].strip()
    row.released_on = said["released_on"]
    row.link = check_link(said["link"]) if said["link"] else ""
    document = said["document"]
    if document is None:
        row.document, row.sha256, row.file_hash, row.size = None, "", "", 0
    else:
        row.document = document
        row.sha256, row.size = _measured(document)
        row.file_hash = document.get_file_hash()
    for name in TEXTS:
        found = {language: value[name].strip() for language, value in texts.items()}
        setattr(row, name, found if any(found.values()) else {})


def _measured(document: Any) -> tuple[str, int]:
    """The file's SHA-256 and size, read in pieces: an app's file may be large."""
    digest, size = hashlib.sha256(), 0
    with document.file.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _texts(opening: Mapping[str, ProductPage]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for language in (code for code in LANGUAGES if code in opening):
        for block in opening[language].builds:
            found.setdefault(str(block.id), {})[language] = block.value
    return found
