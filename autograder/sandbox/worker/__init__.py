"""What runs inside the sandbox: the student's cells and the student's functions, and nothing worth stealing."""
