"""In how many documents a token is: what a rank rests on."""

from django.db import models


class SearchToken(models.Model):
    """Counted now and then by a job (``search.tasks``), the same way on each database.

    A token that is not here is taken to be rare. Two rows are no tokens: the number of documents
    and the sum of their lengths (``search.tokens``).
    """

    token = models.CharField(max_length=80, primary_key=True)
    documents = models.BigIntegerField()

    def __str__(self) -> str:
        return self.token
