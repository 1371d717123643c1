"""Views of the scheme editor, each with one domain call and the page it answers."""
