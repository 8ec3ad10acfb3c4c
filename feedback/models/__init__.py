from .delivery import Acknowledgement, Delivery
from .making import Making, MakingState
from .snapshot import FilePiece, Reason, ReportFile, Snapshot, SnapshotPart

__all__ = [
    "Acknowledgement",
    "Delivery",
    "FilePiece",
    "Making",
    "MakingState",
    "Reason",
    "ReportFile",
    "Snapshot",
    "SnapshotPart",
]
