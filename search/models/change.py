"""What Elasticsearch has to be told: rows that wait until it was."""

from django.db import models


class SearchChange(models.Model):
    """A document was written or taken away: noted in that same transaction (``search.outbox``).

    Kept only while the live index is on Elasticsearch, and only until that has it. Its number is
    the version of what is sent: of one document the later change has the higher one, since who
    writes a row waits for whoever is writing it. Numbers are never given twice.
    """

    document = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}: {self.document}"
