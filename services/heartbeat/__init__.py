"""The sidecar that relays status to the Office Dashboard: it hears every source and folds them into one agent."""
