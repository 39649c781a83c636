"""Reading a notebook's code, without running it, for what its exercises forbid."""
