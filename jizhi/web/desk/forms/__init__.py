"""What the desk's pages ask for, one module per noun. Rules are checked by services, not here."""
