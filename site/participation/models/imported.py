"""What an entry was where it was imported from."""

from django.db import models


class ImportedEntry(models.Model):
    """Beside an entry brought in from elsewhere: its id there, what it answered, its figures.

    Figures of the source are shown as the source's and never added to supports or votes given
    here. ``answers`` may be any number of replies deep, while ``Comment.parent`` stays one level;
    an orphan has ``answers_import_id`` and no ``answers``: what it answered was not brought along.
    """

    contribution = models.OneToOneField(
        "participation.Contribution",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="imported",
    )
    source = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    import_id = models.CharField(max_length=40)
    answers_import_id = models.CharField(max_length=40, blank=True, default="")
    answers = models.ForeignKey(
        "participation.Comment", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    supports = models.PositiveIntegerField(null=True, blank=True)
    agreed = models.PositiveIntegerField(default=0)
    disagreed = models.PositiveIntegerField(default=0)
    #: What else the source says: its reference, its state, how many comments it counted.
    facts = models.JSONField(default=dict, blank=True)

    AUDITED_FIELDS = (
        "contribution_id",
        "source",
        "kind",
        "import_id",
        "answers_import_id",
        "answers_id",
        "supports",
        "agreed",
        "disagreed",
        "facts",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "import_id"], name="entry_imported_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.import_id}"
