"""Reads of responses and answers. Adjectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from questionnaires.models.draft import Draft  # noqa: F401
    from questionnaires.models.response import Answer, Response  # noqa: F401


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses of the register."""

    def counted(self) -> ResponseQuerySet:
        """What every figure is made of: live, not withdrawn, not replaced by an earlier one."""
        return self.filter(live=True)

    def public(self) -> ResponseQuerySet:
        """Those whose author agreed to be read; their texts are cleared one by one."""
        return self.counted().filter(contribution__state="published")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers."""

    def counted(self) -> AnswerQuerySet:
        """Answers of responses that count."""
        return self.filter(response__live=True)

    def published(self) -> AnswerQuerySet:
        """Texts that everybody may read: cleared, and their response still stands."""
        return self.counted().filter(state="published", response__contribution__state="published")


class DraftQuerySet(models.QuerySet["Draft"]):
    """Responses being written."""

    def open(self) -> DraftQuerySet:
        """Not submitted yet."""
        return self.filter(submitted_at__isnull=True)
