"""From an accepted message to a known outcome: work list, attempts, reminders, ledger."""
