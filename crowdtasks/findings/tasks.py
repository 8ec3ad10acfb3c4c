"""Jobs of findings."""

from core import jobs
from crowdtasks.findings.actions.triage import BATCH, ship_findings


@jobs.job("findings.ship")
def ship(product: int) -> None:
    """Tell of what a build that is public now has mended, a batch after the other."""
    if ship_findings(product=product) == BATCH:
        jobs.enqueue("findings.ship", product)
