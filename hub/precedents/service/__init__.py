"""The precedents inside the running hub: its search process, background encoding and imports."""
