from django.apps import AppConfig


class PanelConfig(AppConfig):
    """Volunteers and invited rounds."""

    name = "crowdtasks.panel"
    label = "panel"
    verbose_name = "Volunteers"

    def ready(self) -> None:
        """Hang the room on the account page, own data, notices and the schedule."""
        from crowdtasks.panel import (
            gate,
            links,
            mypage,
            notices,
            own_data,
            sitemap,
            tasks,  # noqa: F401 - registers jobs
        )
        from crowdtasks.panel.demo import PART
        from participation import demo

        gate.register()
        links.register()
        mypage.register()
        notices.register_kinds()
        own_data.register()
        sitemap.register()
        demo.register("products", PART)
