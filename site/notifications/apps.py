from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Every message to a person: in-app notices and e-mail."""

    name = "notifications"
    verbose_name = "Notices"

    def ready(self) -> None:
        from notifications import (
            mypage,
            own_data,
            people,
            tasks,  # noqa: F401 - registers the jobs
        )
        from notifications.standard import register_standard_kinds

        register_standard_kinds()
        people.register()
        mypage.register()
        own_data.register()
