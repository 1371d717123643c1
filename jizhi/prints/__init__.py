"""Paper: PDFs of notices, minutes, receipts, cards and sheets, and QR codes.

A pure library. It is handed texts that are ready to print (names masked, points formatted) and returns bytes;
it reads no database, no settings and no clock, and it decides nothing about what may be shown.
"""
