from django.apps import AppConfig


class IdeasConfig(AppConfig):
    """Idea contests and standing ideas boxes."""

    name = "ideas"
    verbose_name = "Ideas"

    def ready(self) -> None:
        """Hang the room in the tree, the desk, the register, the queue and the account page."""
        from core.tree import register_tree_builder
        from ideas import (
            ballots,
            face,
            moderation_targets,
            mypage,
            notices,
            own_data,
            report,
            report_results,
            report_winners,
            result_part,
            search_index,
            signal_handlers,
            sitemap,
            tasks,  # noqa: F401 - registers jobs
            threads,
            vote_receipt,
        )
        from ideas.actions.contest import KIND
        from ideas.demo import PART
        from ideas.tree import build_index
        from ideas.views import serve
        from participation import ballots as kinds_of_ballots
        from participation import demo

        register_tree_builder("ideas", build_index)
        face.register()
        moderation_targets.register()
        threads.register()
        kinds_of_ballots.register_choices(
            ballots.KIND,
            ballots.takes_votes,
            related="contest_vote",
            judge=ballots.judge,
            engagements=KIND,
            receipt=vote_receipt.receipt_part,
        )
        mypage.register()
        own_data.register()
        notices.register_kinds()
        report.register()
        report_results.register()
        report_winners.register()
        result_part.register()
        serve.connect()
        signal_handlers.connect()
        search_index.register()
        sitemap.register()
        demo.register("ideas", PART)
