"""Files that the scheme editor gives out: workbooks of drafts and of simulations."""
