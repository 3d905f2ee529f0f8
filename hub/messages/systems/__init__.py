"""What core systems hand in through the API, and what they may ask about it afterwards."""
