"""Words for the same thing, as administrators keep them."""

from django.db import models

from core.ids import public_id


class SynonymGroup(models.Model):
    """One line of the table: each phrase is found by every other.

    ``words`` has one phrase on each line, as it was typed. ``version`` is raised with every change,
    so that who holds the table in memory learns of it by one sum (``search.synonyms.current``).
    """

    AUDITED_FIELDS = ("public_id", "words", "version")

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    words = models.TextField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return " / ".join(self.phrases)

    @property
    def phrases(self) -> tuple[str, ...]:
        return tuple(self.words.splitlines())
