"""The household's phone pages: passbook first, then claiming, objecting, reading why. Mounted at /my/."""
