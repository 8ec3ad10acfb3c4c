"""What reads like what, as a job compared it: for "More like this" on a page."""

from django.db import models


class SearchLike(models.Model):
    """How alike two objects are, 0 to 1; one row each way, a few of each object.

    Nothing here says that anybody may see either: whoever shows one asks where it lives
    (``search.more.like_this``).
    """

    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    other_kind = models.CharField(max_length=16)
    other_id = models.BigIntegerField()
    likeness = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "other_kind", "other_id"], name="search_like_once"
            )
        ]
        # What is compared again takes its rows of the others away.
        indexes = [models.Index(fields=["other_kind", "other_id"], name="search_like_other")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} like {self.other_kind} {self.other_id}"


class SearchCompared(models.Model):
    """The text with which a document was compared last, by the digest of ``SearchDoc``."""

    document = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=32)

    def __str__(self) -> str:
        return str(self.document)
