"""What the job says of each difference, and what is to be done about it."""

SENTENCES = {
    "missing_exchange": "Exchange {name} is missing",
    "other_exchange": "Exchange {name} is another than planned: {detail}",
    "missing_queue": "Queue {name} is missing",
    "other_queue": "Queue {name} has other arguments: {detail}",
    "missing_binding": "Binding {name} is missing",
    "stale_binding": "Binding {name} is not planned (any more)",
    "other_policy": "Policy {name} differs from the plan",
    "other_rights": "The rights of user {name} differ from the plan",
    "guest": "User {name} may come in, whose password everybody knows",
    "kept_live_queue": "Queue {name} is not exclusive: it stays and fills without a listener; messages: {detail}",
    "old_queue": "Nobody reads queue {name}, yet a caller names it and not contracts/routes.py; messages: {detail}",
    "unknown_queue": "Queue {name} is not planned; messages: {detail}",
}
FIXES = {
    "apply": "Run `docker compose run --rm topology`.",
    "prune": "When no older worker runs any more: `docker compose run --rm topology --prune`.",
    "by_hand": "Delete it when nobody needs it: `docker compose exec rabbitmq rabbitmqctl delete_queue NAME -p scout`.",
}
