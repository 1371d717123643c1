"""The desk of staff: to do, claims, meetings, ledger, notices, objections, settlements. The registers are next door."""
