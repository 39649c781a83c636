"""nbgrader's folders and database."""
