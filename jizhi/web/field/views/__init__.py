"""Views of the grid worker's pages, one file per noun."""
