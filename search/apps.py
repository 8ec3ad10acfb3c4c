from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search: one analysis of text for every engine, one box. Knows no room by name."""

    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Follow what is written, count tokens by the clock."""
        from search import (
            tasks,  # noqa: F401 - registers jobs
            writing,
        )

        writing.connect()
