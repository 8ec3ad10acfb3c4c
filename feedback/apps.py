from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """What goes to the bureau that asked: the report of an engagement, frozen and delivered."""

    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        """Register the sections of the apps below, the notices and the proof of every report."""
        from core import audit
        from feedback import (
            checks,  # noqa: F401 - registers a start-up check
            notices,
            section_comments,
            section_questions,
            section_register,
            tasks,  # noqa: F401 - registers jobs
        )
        from feedback.actions.snapshots import snapshots_agree

        section_register.register()
        section_comments.register()
        section_questions.register()
        notices.register()
        audit.register_check("reports: every frozen report has its digest", snapshots_agree)
