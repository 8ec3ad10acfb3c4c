from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """Questions put by a bureau and the responses to them."""

    name = "questionnaires"
    verbose_name = "Questionnaires"

    def ready(self) -> None:
        """Follow entries and persons, put texts before moderators, show receipts."""
        from accounts import merging
        from core import audit
        from participation import kinds
        from questionnaires import (
            moderation_targets,
            notices,
            outcome_targets,
            own_data,
            receipts,
            tasks,  # noqa: F401 - registers jobs
        )
        from questionnaires.actions.counting import figures_agree
        from questionnaires.actions.settling import follow_contribution, settle_merged

        kinds.on_change("response", follow_contribution)
        audit.register_check("questionnaires: figures are a recount", figures_agree)
        merging.register("questionnaires", settle_merged)
        moderation_targets.register()
        notices.register()
        outcome_targets.register()
        own_data.register()
        receipts.register()
