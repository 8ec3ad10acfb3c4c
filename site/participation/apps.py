from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """What every engagement shares: phases, the register, ballots, receipts, follows."""

    name = "participation"
    verbose_name = "Participation"

    def ready(self) -> None:
        from accounts import merging
        from core import audit
        from participation.actions.votes import heads_agree, settle_merged_votes

        audit.register_check("votes: every head is its last event", heads_agree)
        merging.register("votes", settle_merged_votes)
