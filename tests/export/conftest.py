"""The courses whose gradebooks are written and read."""

from __future__ import annotations

from gradebook_courses import course, on_postgres, on_server, postgres, released, sqlite_course

__all__ = ["course", "on_postgres", "on_server", "postgres", "released", "sqlite_course"]
