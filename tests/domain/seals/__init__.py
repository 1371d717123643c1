"""Tests of the seals over the ledger, and of the verifier printed in the how-to."""
