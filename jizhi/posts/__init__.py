"""Who holds which post where, and what a post allows: the source of every permission."""
