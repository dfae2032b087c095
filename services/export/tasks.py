"""What the export service hears and does."""
