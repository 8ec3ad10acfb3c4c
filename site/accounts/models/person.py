"""The person behind an account: what votes and contributions name (decision 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import public_id


class Level(models.IntegerChoices):
    """How sure we are that one person is one person. Nothing gives PHONE yet."""

    ANYONE = 0, _("Anyone")
    EMAIL = 1, _("E-mail confirmed")
    PHONE = 2, _("Phone confirmed")
    VERIFIED = 3, _("Verified")


class Person(models.Model):
    """One row a person, apart from the account, which may be erased.

    ``person_key`` is an HMAC (never a plain hash) of issuer and subject when verified, else of
    the canonical e-mail; it is what makes one person one vote across accounts. Persons brought
    in by an importer have no key and no account, but an ``import_id`` within ``import_source``.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person_key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.ANYONE)
    import_source = models.CharField(max_length=80, blank=True, default="")
    import_id = models.CharField(max_length=80, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    AUDITED_FIELDS = ("public_id", "person_key", "level", "merged_into_id", "erased_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_source", "import_id"],
                condition=~models.Q(import_id=""),
                name="person_import_once",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=[0, 1, 2, 3]), name="person_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def audit_id(self) -> str:
        """The opaque id that the audit trail knows this person by."""
        return self.public_id
