"""What runs inside the sandbox: the student's cells and functions. Nothing secret is here."""
