"""Many runs of one workflow: items in, a ledger of what is known, results out in the items' order."""
