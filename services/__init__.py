"""The services: one folder, one container."""
