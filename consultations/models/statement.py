"""One short claim put to agree, disagree or pass (the Polis form)."""

from django.db import models
from django.db.models import Q

from core.ids import public_id


class Statement(models.Model):
    """A seed statement (a block of the page), a citizen's (its contribution) or an imported one.

    A citizen's statement takes its state from its contribution when decided; ``state`` here is
    the same value, kept by the same action, so that lists need no join. ``text`` is by language;
    a citizen's has one, shown as written with its ``lang``.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="statements"
    )
    ballot = models.OneToOneField(
        "participation.Ballot", on_delete=models.PROTECT, related_name="statement"
    )
    contribution = models.OneToOneField(
        "participation.Contribution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="statement",
    )
    block_id = models.CharField(max_length=36, blank=True, default="")
    text = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10,
        choices=[("held", "Held"), ("published", "Published"), ("withheld", "Withheld")],
        default="published",
    )
    order = models.PositiveIntegerField(default=0)
    import_id = models.CharField(max_length=40, blank=True, default="")
    author = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("public_id", "engagement_id", "text", "state", "import_id", "retired_at")

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "block_id"],
                condition=~Q(block_id=""),
                name="seed_statement_once",
            ),
            models.UniqueConstraint(
                fields=["engagement", "import_id"],
                condition=~Q(import_id=""),
                name="imported_statement_once",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
