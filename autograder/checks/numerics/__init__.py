"""Drawing inputs and comparing answers."""
