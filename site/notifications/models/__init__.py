from .notice import DevMail, Notice

__all__ = ["DevMail", "Notice"]
