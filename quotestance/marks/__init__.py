"""Characters only: paragraphs, quotations, and the contexts that are worth parsing."""
