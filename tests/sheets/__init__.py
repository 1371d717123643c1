"""Tests of reading messy workbooks and writing tidy ones; nothing here needs Django or the database."""
