"""From what is ready to what is delivered: orders to send, four eyes, messages accepted."""
