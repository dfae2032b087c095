"""Our worker with the job as its light handler: celery -A bench.relay.ours worker."""

from bench.relay.job import judge
from contracts.analysis import AnalysisCompleted
from contracts.score import OpportunityScored
from services.chassis.celery_app import make_app
from services.chassis.service import Service
from services.chassis.settings import Settings

service = Service("scoring")


@service.on(AnalysisCompleted, lane="light")
def score(event: AnalysisCompleted) -> OpportunityScored:
    """Score the niche that was analysed."""
    return judge(event)


app = make_app(service, Settings())
