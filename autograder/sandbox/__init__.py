"""Everything that confines a student's code, and the process that runs it."""
