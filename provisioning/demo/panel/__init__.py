"""The demo panel: what a person does with their hands at a counter, as buttons on a page."""
