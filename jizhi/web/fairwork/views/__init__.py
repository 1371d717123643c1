"""Views of the room for fair process, one module per noun."""
