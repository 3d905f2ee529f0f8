"""Laws, circulars and the office's own memos: imported, searched by meaning, shown with grounds."""
