"""What residents are told of decisions about their notifications."""
