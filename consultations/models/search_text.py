"""What the search box of the register looks through, until the search issue brings its service."""

from django.db import models


class SearchText(models.Model):
    """One folded text an engagement: titles, paper, questions, in all languages, scripts made one.

    Written by ``actions.search_text.refresh`` whenever a paper is published; ``title`` apart from
    ``body``, so that hits in titles come first.
    """

    engagement = models.OneToOneField(
        "participation.Engagement", on_delete=models.CASCADE, related_name="search_text"
    )
    title = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return self.title[:40]
