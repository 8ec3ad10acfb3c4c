from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """What every engagement shares: phases, the register, ballots, receipts, follows."""

    name = "participation"
    verbose_name = "Participation"
