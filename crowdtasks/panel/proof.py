"""Whether a recorded draw is what its seed and frame give."""

from __future__ import annotations

from collections.abc import Iterator

from crowdtasks.panel.models import Draw
from crowdtasks.panel.sampling import METHOD, Framed, digest_of, draw, in_order


def faults_of(row: Draw) -> Iterator[str]:
    """One sentence for each thing that is not as the draw says."""
    if row.method != METHOD:
        yield f"The method {row.method!r} is not known here."
        return
    frame = [Framed(key, tuple(cells)) for key, cells in row.frame]
    if len(frame) != row.frame_size or digest_of(frame) != row.frame_digest:
        yield "The frame is not the one whose size and digest were recorded."
    expected = {(one.key, one.cell, one.place) for one in draw(row.seed, row.quota, frame)}
    found = row.invitations.select_related("seat").order_by("place", "pk")
    first = {(one.key, one.seat.cell, one.place) for one in found if not one.reserve}
    for key, cell, place in sorted(expected - first, key=lambda one: one[2]):
        yield f"Number {place} of the order ({key}) was not invited for {cell}."
    for key, cell, place in sorted(first - expected, key=lambda one: one[2]):
        yield f"Number {place} ({key}) was invited for {cell} without having been drawn."
    order = {one.key: (place, one.cells) for place, one in enumerate(in_order(row.seed, frame), 1)}
    for one in found:
        place, cells = order.get(one.key, (0, ()))
        if one.reserve and (place != one.place or one.seat.cell not in cells):
            yield f"Invitation {one.public_id} does not follow from the order of the draw."
