"""Daily seals over the ledger of each village: a chain of Merkle roots, receipts, and the check of all against all."""
