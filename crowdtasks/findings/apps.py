from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """Findings of builds."""

    name = "crowdtasks.findings"
    label = "findings"
    verbose_name = "Findings"

    def ready(self) -> None:
        """Hang the room in the register, the queue, the products' pages and the account page."""
        from crowdtasks.findings import (
            moderation_targets,
            mypage,
            notices,
            own_data,
            parts,
            report,
            search_index,
            tasks,  # noqa: F401 - registers jobs
        )

        moderation_targets.register()
        mypage.register()
        notices.register_kinds()
        own_data.register()
        parts.register()
        report.register()
        search_index.register()
