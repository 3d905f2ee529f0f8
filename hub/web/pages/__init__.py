"""One module per page; each turns a request into a view and a view into HTML."""
