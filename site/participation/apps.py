from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """What every engagement shares: phases, the register, ballots, receipts, follows."""

    name = "participation"
    verbose_name = "Participation"

    def ready(self) -> None:
        from django.conf import settings

        from accounts import merging
        from core import audit
        from participation import (
            checks,  # noqa: F401 - registers checks
            kinds,
            moderation_targets,
            mypage,
            notices,
            own_data,
            search_bureaux,
            search_comments,
            search_index,
            tasks,  # noqa: F401 - registers jobs
        )
        from participation.actions import comments  # noqa: F401 - registers how held ones complete
        from participation.actions.choices import papers_agree
        from participation.actions.merging import settle_merged
        from participation.actions.sides import follow_side
        from participation.actions.votes import heads_agree
        from participation.attachments import clamd, scanners

        audit.register_check("votes: every head is its last event", heads_agree)
        audit.register_check("votes: what stands is the last paper", papers_agree)
        merging.register("participation", settle_merged)
        kinds.on_change("comment", follow_side)
        if settings.KAIFONG.get("CLAMD"):
            scanners.register(clamd.scanner(settings.KAIFONG["CLAMD"]))
        moderation_targets.register()
        mypage.register()
        notices.register_kinds()
        own_data.register()
        search_index.register()
        search_comments.register()
        search_bureaux.register()
