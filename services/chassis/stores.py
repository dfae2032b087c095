"""Which store the settings name."""

from services.chassis.settings import Settings
from services.chassis.store import Store


def open_store(settings: Settings) -> Store:
    """MongoDB where an address is set, else a file in the house's folder; either connects when it is first used."""
    if settings.store_url is not None:
        from services.chassis.store_mongo import MongoStore  # noqa: PLC0415 - an embedded house has no client of it

        return MongoStore(settings.store_url.get_secret_value())
    from services.chassis.store_sqlite import SqliteStore  # noqa: PLC0415 - the same the other way round

    return SqliteStore(settings.home / "store.sqlite")
