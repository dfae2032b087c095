"""The `scout` command: an HTTP client of the gateway, and the whole house in one process."""
