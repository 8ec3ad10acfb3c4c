from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: persons and accounts, sign-in, roles, bureaux and their officers."""

    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Put the periodic work on the schedule."""
        from accounts import tasks  # noqa: F401
