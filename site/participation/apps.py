from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """What every engagement shares: phases, the register, ballots, receipts, follows."""

    name = "participation"
    verbose_name = "Participation"

    def ready(self) -> None:
        from accounts import merging
        from core import audit
        from participation import (
            moderation_targets,
            mypage,
            notices,
            own_data,
            tasks,  # noqa: F401 - registers jobs
        )
        from participation.actions import comments  # noqa: F401 - registers how held ones complete
        from participation.actions.merging import settle_merged
        from participation.actions.votes import heads_agree

        audit.register_check("votes: every head is its last event", heads_agree)
        merging.register("participation", settle_merged)
        moderation_targets.register()
        mypage.register()
        notices.register_kinds()
        own_data.register()
