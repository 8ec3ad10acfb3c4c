from crowdtasks.rewards.models.catalogue import Reward, RewardKind, RewardState
from crowdtasks.rewards.models.redemption import Redemption, RedemptionState, Showing
from crowdtasks.rewards.models.stock import Batch, Unit

__all__ = [
    "Batch",
    "Redemption",
    "RedemptionState",
    "Reward",
    "RewardKind",
    "RewardState",
    "Showing",
    "Unit",
]
