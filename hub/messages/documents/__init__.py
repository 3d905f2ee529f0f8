"""Documents of any system as text in reading order: what a person sees, and what to distrust."""
