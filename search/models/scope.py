"""What documents have in common: whose they are, whether anybody may see them, and when it is."""

from django.db import models


class SearchScope(models.Model):
    """One row for each thing that documents hang on, such as a consultation with its chapters.

    A new close, another owner or a withdrawal is one row written, however many documents there are.
    Documents of a scope that is not there, or not ``visible``, are found by nobody. ``key`` is an
    opaque id of the app that registers it; ``bureau`` a bureau's slug.
    """

    key = models.CharField(max_length=32, primary_key=True)
    visible = models.BooleanField(default=False)
    bureau = models.CharField(max_length=30, blank=True, default="")
    #: What it is filed under, as ``search.filing.filed`` puts it.
    topics = models.CharField(max_length=500, blank=True, default="")
    districts = models.CharField(max_length=500, blank=True, default="")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    #: When what came of it was published.
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key
