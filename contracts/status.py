"""What a software employee says of itself, and what the Office Dashboard shows of it."""

from datetime import datetime
from typing import Literal

from contracts.message import Event, Shape
from contracts.run import Progress

State = Literal["working", "idle", "error"]

WORKING_TEXT = {
    "scout.tasks.update_trend_data": "Обновление данных трендов",
    "scout.tasks.analyze_niche": "Анализ ниши {niche_id}",
    "scout.tasks.calculate_opportunity_score": "Расчёт оценки ниши {niche_id}",
    "scout.tasks.export_report": "Экспорт отчёта",
    "scout.tasks.import_observations": "Импорт наблюдений",
    "scout.tasks.cleanup_old_analyses": "Очистка старых анализов",
    "scout.tasks.backtest": "Проверка оценок",
    "observations.imported": "Анализ ниши {niche_id}",
    "trend.updated": "Анализ ниши {niche_id}",
    "niche.watched": "Анализ ниши {niche_id}",
    "model.activated": "Анализ ниши {niche_id}",
    "market.configured": "Анализ ниши {niche_id}",
    "panel.built": "Проверка оценок",
    "analysis.expired": "Экспорт отчёта",
}
"""What an employee says while it works, by command or event; part of the contract with the Office Dashboard."""


class Agent(Shape):
    """A software employee: who it is and what a person in its place would cost a month, in roubles."""

    agent_id: str
    department: str
    name: str
    salary_equivalent: int
    fte_coefficient: float


SCOUT_AGENT = Agent(
    agent_id="scout_niche", department="scout", name="Анализ ниш", salary_equivalent=70_000, fte_coefficient=1.0
)


class Source(Shape):
    """Where a status comes from: one process of one service. `seq` grows with every report of one `boot`."""

    service: str
    host: str
    pid: int
    boot: str
    seq: int


class Metrics(Shape):
    """The counters of a day: `day` in the zone `tz`; they start again at its midnight."""

    day: str | None = None
    tz: str | None = None
    niches_analyzed_today: int | None = None
    opportunities_found: int | None = None
    trends_updated: int | None = None
    last_update: str | None = None


class StatusReported(Event):
    """One source of an agent says how it is.

    `since` is when this state began (absent: it did nothing yet), `until` ends a "working" whose process was killed.
    """

    agent: Agent
    source: Source
    state: State
    sent_at: datetime
    since: datetime | None = None
    text: str = ""
    task_id: str | None = None
    run_id: str | None = None
    until: datetime | None = None
    metrics: Metrics | None = None
    progress: Progress | None = None


class AgentStatus(Shape):
    """An agent as the office shows it, folded from its sources; `offline` follows from silence."""

    agent_id: str
    department: str
    name: str
    salary_equivalent: int
    fte_coefficient: float
    state: Literal["working", "idle", "error", "offline"]
    text: str = ""
    task_id: str | None = None
    sent_at: datetime
    metrics: Metrics = Metrics()
