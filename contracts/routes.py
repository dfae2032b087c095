"""Where a command goes, for the `task_routes` of any Celery caller. Standard library only: copy it, or import it.

app.conf.task_routes = ROUTES
app.conf.broker_transport_options = {"confirm_publish": True}  # else a mistyped name is lost in silence
"""

_COMMANDS = (
    "update_trend_data",
    "analyze_niche",
    "calculate_opportunity_score",
    "export_report",
    "cleanup_old_analyses",
    "office_heartbeat",
    "import_observations",
    "backtest",
)

ROUTES: dict[str, dict[str, object]] = {
    name: {"exchange": "scout.tasks", "routing_key": name, "mandatory": True, "confirm_timeout": 5}
    for name in (f"scout.tasks.{command}" for command in _COMMANDS)
}
ROUTES["scout.tasks.office_heartbeat"]["priority"] = 9
