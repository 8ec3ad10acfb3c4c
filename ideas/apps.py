from django.apps import AppConfig


class IdeasConfig(AppConfig):
    """Idea contests and standing ideas boxes."""

    name = "ideas"
    verbose_name = "Ideas"

    def ready(self) -> None:
        """Hang the room in the tree, the desk, the register, the queue and the account page."""
        from core.tree import register_tree_builder
        from ideas import face, moderation_targets, mypage, own_data, threads
        from ideas.demo import PART
        from ideas.tree import build_index
        from ideas.views import serve
        from participation import demo

        register_tree_builder("ideas", build_index)
        face.register()
        moderation_targets.register()
        threads.register()
        mypage.register()
        own_data.register()
        serve.connect()
        demo.register("ideas", PART)
