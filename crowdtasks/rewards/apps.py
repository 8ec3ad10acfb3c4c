from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """What points are spent on."""

    name = "crowdtasks.rewards"
    label = "rewards"
    verbose_name = "Rewards"

    def ready(self) -> None:
        """Hang the room on account page, own data, notices, proofs and schedule."""
        from crowdtasks.rewards import (
            mypage,
            naming,
            notices,
            own_data,
            proof,
            sitemap,
            tasks,  # noqa: F401 - registers jobs
        )
        from crowdtasks.rewards.demo import PART, SPENT_PART
        from participation import demo

        mypage.register()
        naming.register()
        own_data.register()
        notices.register_kinds()
        proof.register()
        sitemap.register()
        demo.register("rewards", PART)
        demo.register("spent", SPENT_PART)
