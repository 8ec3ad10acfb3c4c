"""Parts of the editor that every room's page has."""

from wagtail.admin.panels import ObjectList


class OneTab(ObjectList):
    """The editor's only tab. Its name stands in anchors, so it is the same in every language."""

    @property
    def clean_name(self) -> str:
        return "paper"
