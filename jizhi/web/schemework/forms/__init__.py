"""Forms of the scheme editor: they give the document's own keys and texts."""
