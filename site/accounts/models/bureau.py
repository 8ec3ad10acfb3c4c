"""Owning bodies: bureaux, departments and offices."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BureauKind(models.TextChoices):
    BUREAU = "bureau", pgettext_lazy("kind of body", "Bureau")
    DEPARTMENT = "department", _("Department")
    OFFICE = "office", _("Office")


class Bureau(models.Model):
    """A body that owns engagements. Names are shown to the public, codes never are.

    ``slug`` is the code in lower case, ``&`` written as ``and`` (``canded`` for C&ED), and stands
    in addresses. ``section`` and ``collection`` of the CMS are made when first needed.
    """

    code = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(max_length=30, unique=True)
    kind = models.CharField(max_length=12, choices=BureauKind.choices, default=BureauKind.BUREAU)
    name = models.JSONField(default=dict)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="departments"
    )
    in_use = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    sort_order = models.PositiveIntegerField(default=0)

    AUDITED_FIELDS = ("code", "slug", "kind", "name", "parent_id", "in_use")

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name_plural = "bureaux"

    def __str__(self) -> str:
        from core.texts import pick

        return pick(self.name).text
