"""Reads of findings that several parts of the room share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crowdtasks.findings.models import Finding  # noqa: F401 - named in the base class as text

#: States of the entry in which the bureau reads a finding; held and withheld texts are moderators'.
READ = ("published", "confidential")
#: States of the entry that count: everything that was received and stands.
COUNTED = ("held", "published", "confidential")
#: States on the board that the public is told of, each by itself.
TOLD = ("confirmed", "planned", "mended", "declined")


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, by who may read them."""

    def read(self) -> FindingQuerySet:
        """What the bureau works on."""
        return self.filter(contribution__state__in=READ)

    def counted(self) -> FindingQuerySet:
        """What figures are made of."""
        return self.filter(contribution__state__in=COUNTED)

    def leading(self) -> FindingQuerySet:
        """Those that stand for themselves and for what was merged into them."""
        return self.filter(lead__isnull=True)

    def told(self) -> FindingQuerySet:
        """Those that everybody may read: public texts the bureau has looked at."""
        return self.leading().filter(contribution__state="published", state__in=TOLD)

    def of(self, persons: Iterable[int] | models.QuerySet[Any, Any]) -> FindingQuerySet:
        """Of these persons, by key: reported signed in, or on a try handed in signed in, or on one
        whose reward was taken later with its claim code."""
        nobodys = Q(contribution__person=None)
        return self.filter(
            Q(contribution__person__in=persons)
            | nobodys & Q(attempt__contribution__person__in=persons)
            | nobodys
            & Q(
                attempt__contribution__person=None,
                attempt__contribution__award__person__in=persons,
            )
        )

    def whole(self) -> FindingQuerySet:
        """With what a list says of each."""
        return self.select_related(
            "contribution__receipt", "build", "step", "mended_in", "engagement"
        )
