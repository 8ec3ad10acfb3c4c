from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Every message to a person: in-app notices and e-mail."""

    name = "notifications"
    verbose_name = "Notices"
