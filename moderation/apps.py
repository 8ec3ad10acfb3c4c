from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """One queue, decisions with reasons, reports; knows targets only by registration."""

    name = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        from moderation import tasks  # noqa: F401 - registers the periodic job
