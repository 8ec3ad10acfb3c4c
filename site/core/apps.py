from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground: audit, clock, text, limits, jobs, schedule, errors, base pages."""

    name = "core"
    verbose_name = "Ground"

    def ready(self) -> None:
        from core import audit_cms, checks, tasks  # noqa: F401 - registers checks, periodic jobs

        audit_cms.connect()
