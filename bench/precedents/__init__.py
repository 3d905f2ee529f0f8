"""Questions, citations and sentence pairs that the search in the precedents is judged by."""
