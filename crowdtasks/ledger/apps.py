from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """Points by double entry: budgets, escrows, what people earn, spend and lose."""

    name = "crowdtasks.ledger"
    label = "ledger"
    verbose_name = "Points ledger"

    def ready(self) -> None:
        """Guard the tables, settle what closing and merging persons leaves, join own data."""
        from crowdtasks.ledger import (
            demo,
            mypage,
            notices,
            own_data,
            tasks,  # noqa: F401 - registers jobs
            triggers,
        )

        post_migrate.connect(triggers.after_migrate, sender=self)
        own_data.register()
        mypage.register()
        notices.register_kinds()
        demo.register()
