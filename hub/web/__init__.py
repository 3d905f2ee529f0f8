"""The staff pages: server-rendered, plain forms, a little script, nothing from elsewhere."""
