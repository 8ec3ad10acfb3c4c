from django.apps import AppConfig


class CrowdtasksConfig(AppConfig):
    """Polls and surveys."""

    name = "crowdtasks"
    verbose_name = "Tasks"

    def ready(self) -> None:
        """Hang the room in the tree, the desk, the questionnaires and the account page."""
        from core.tree import register_tree_builder
        from crowdtasks import (
            face,
            gate,
            mypage,
            notices,
            own_data,
            report,
            sitemap,
            tasks,  # noqa: F401 - registers jobs
        )
        from crowdtasks.demo import BUDGETS_PART, PART
        from crowdtasks.tree import build_index
        from crowdtasks.views import serve
        from participation import demo

        register_tree_builder("crowdtasks", build_index)
        face.register()
        gate.register()
        mypage.register()
        notices.register_kinds()
        own_data.register()
        report.register()
        serve.connect()
        sitemap.register()
        demo.register("budgets", BUDGETS_PART)
        demo.register("crowdtasks", PART)
