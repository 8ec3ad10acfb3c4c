from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """One queue, decisions with reasons, reports; knows targets only by registration."""

    name = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        from moderation import own_data, tasks  # noqa: F401 - tasks registers the periodic job

        own_data.register()
