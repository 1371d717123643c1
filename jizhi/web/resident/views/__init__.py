"""Views of the household's pages, one file per noun."""
