"""The same views as JSON, for scripts (docs/hub-interface.md)."""
