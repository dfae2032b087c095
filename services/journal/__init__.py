"""Remembers: hears every event, writes what is not yet written, keeps runs, outcomes and dead letters; the sweep."""
