from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search: one analysis of text for every engine. No tables yet; knows no room by name."""

    name = "search"
    verbose_name = "Search"
