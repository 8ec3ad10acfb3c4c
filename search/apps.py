from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search: one analysis of text for every engine, one box. Knows no room by name."""

    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Follow what is written, count tokens by the clock, keep people's searches."""
        from search import (
            own_data,
            tasks,  # noqa: F401 - registers jobs
            writing,
        )
        from search.saved import mypage, notices

        writing.connect()
        notices.register_kind()
        mypage.register()
        own_data.register()
