"""The link to the office: rows go up, receipts and the office's words come down."""
