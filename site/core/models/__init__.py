"""Tables of the ground, one module for each noun."""

from core.models.audit import AuditEntry, AuditHead, AuditLink
from core.models.media import CustomRendition, MediaDocument, MediaImage
from core.models.pages import HomePage
from core.models.platform import PlatformSettings
from core.models.schedule import ScheduleRun

__all__ = [
    "AuditEntry",
    "AuditHead",
    "AuditLink",
    "CustomRendition",
    "HomePage",
    "MediaDocument",
    "MediaImage",
    "PlatformSettings",
    "ScheduleRun",
]
