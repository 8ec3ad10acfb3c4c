"""Pages of the ground: the home page, one for each language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """The first page of a language; the three are translations of one another.

    What it shows is put together when it is served (registered from an edge), only the title and
    the introduction are an editor's.
    """

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    content_panels = [*Page.content_panels, "intro"]
    parent_page_types = ["wagtailcore.Page"]
    # One for each language; ``ensure_tree`` makes them, nobody needs another.
    max_count = 3
    template = "core/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
