"""A text that can be found, in one language."""

from django.db import models


class SearchDoc(models.Model):
    """One document in one language, as ``search.writing`` wrote it with what it describes.

    ``kind`` and ``object_id`` name what it is of (``search.registry``), the same in all its
    languages. ``title`` and ``body`` are as the author wrote them, for the page; the ``plain`` ones
    are what a run of characters is looked up in; ``tokens`` is what the database's own index holds,
    each token once, those of the title a second time behind a mark (``search.tokens``).

    The index itself hangs on the column ``tokens`` (migration 0002): a full-text table with
    triggers on SQLite, a generated column on PostgreSQL. On SQLite a migration that rebuilds this
    table has to make the triggers again (``search.tables``); a test holds that they are there.
    """

    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=10)
    scope = models.CharField(max_length=32)
    #: Its own places where it has some; those of its scope where it is null.
    districts = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001
    #: When it became what it is, for "newest first".
    at = models.DateTimeField()
    length = models.PositiveIntegerField()
    #: Of what was written; the same again is not written again.
    digest = models.CharField(max_length=32)
    title = models.TextField()
    body = models.TextField(blank=True, default="")
    title_plain = models.TextField()
    body_plain = models.TextField(blank=True, default="")
    tokens = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "language"], name="search_document_once"
            )
        ]
        indexes = [models.Index(fields=["scope"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.language}"
