"""Remembers: hears every event, writes what is not yet written, keeps runs and their outcomes, dead letters, the sweep."""
