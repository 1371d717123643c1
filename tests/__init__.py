"""The tests, by kind: house (the code base itself), engine, packs, domain/<app>, web, browser."""
