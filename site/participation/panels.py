"""Parts of the editor that every room's page has."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, Panel


class OneTab(ObjectList):
    """The editor's only tab. Its name stands in anchors, so it is the same in every language."""

    @property
    def clean_name(self) -> str:
        return "paper"


def about_panels() -> list[Panel]:
    """Whom to ask, the picture, and where lists show it: fields of every ``FacePage``."""
    return [
        MultiFieldPanel(
            [FieldPanel("contact"), FieldPanel("file_number")],
            heading=_("Contact and file number"),
        ),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Cover picture")),
        MultiFieldPanel(
            [FieldPanel("topics"), FieldPanel("districts")],
            heading=_("Topics and districts"),
            classname="collapsed",
        ),
    ]


def partners_panel() -> Panel:
    """Which bodies run it too: of a ``PartneredPage``."""
    return MultiFieldPanel(
        [FieldPanel("partners")], heading=_("Partner bodies"), classname="collapsed"
    )
