"""From pen strokes to ranked characters: features, encoder, gallery of every MJ glyph."""
