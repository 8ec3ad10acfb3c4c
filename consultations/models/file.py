"""Files that a paper offers to read, and what they say, for search."""

from django.db import models


class PaperFile(models.Model):
    """A file block of a paper, as it was published; retired, never deleted.

    ``title`` is by language, ``documents`` the key of the file by language of the paper.
    ``readings`` is by key of a document: which file of it was read (``of``), and why it was not, or
    not whole (``code``; '' where all was read: ``files.reading.SENTENCES``).
    """

    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="paper_files"
    )
    block_id = models.CharField(max_length=36)
    title = models.JSONField(default=dict)
    documents = models.JSONField(default=dict)
    readings = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("engagement_id", "block_id", "title", "documents", "readings", "retired_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "block_id"], name="paper_file_once")
        ]

    def __str__(self) -> str:
        return self.block_id


class FilePart(models.Model):
    """Whole pages of one of its documents: short enough for a row of the index.

    ``page`` is the number of the first. Written by ``actions.files`` alone.
    """

    file = models.ForeignKey(PaperFile, on_delete=models.CASCADE, related_name="parts")
    document = models.ForeignKey("core.MediaDocument", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    order = models.PositiveIntegerField()
    page = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["file", "document", "order"], name="file_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.order}"
