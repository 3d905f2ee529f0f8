"""Backups: everything the hub must not lose in one encrypted file, and the way back."""
