from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground: audit, clock, text, limits, jobs, schedule, errors, base pages."""

    name = "core"
    verbose_name = "Ground"

    def ready(self) -> None:
        from core import (  # noqa: F401 - registers checks, periodic jobs
            audit_cms,
            checks,
            embedded,
            tasks,
        )

        audit_cms.connect()
        embedded.make_data_folder()
