"""The mailed link that brings a draft to another device, once."""

import datetime as dt

from django.db import models


class DraftLink(models.Model):
    """One mail's way to a draft. The mail holds the only copy of the secret.

    It is no key to the draft: whoever opens it takes the draft over, which gives the draft a new
    token. It ends with the draft, at ``expires_at``, and as soon as this link or another of the
    same draft was used. ``left`` is the digest of the token that stopped working then, so that the
    visit that held it can be told why.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    draft = models.ForeignKey(
        "questionnaires.Draft", on_delete=models.CASCADE, related_name="links"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    left = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    def __str__(self) -> str:
        return f"link {self.pk} to draft {self.draft_id}"

    def opens(self, now: dt.datetime) -> bool:
        """Whether it still brings its draft to whoever holds it."""
        return self.used_at is None and now < self.expires_at and self.draft.submitted_at is None
