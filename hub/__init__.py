"""The office: takes sealed events from the broker, keeps the log, and lets staff decide on them."""
