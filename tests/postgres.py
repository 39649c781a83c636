"""A PostgreSQL server for the tests, from Debian's package: on loopback, in a temporary folder, for one session."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["Server", "start_server"]

#: Nothing here outlives the tests: no write needs to reach a disk, and few connections are made.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "20",
    "shared_buffers": "16MB",
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
    "max_wal_senders": "0",
    "wal_level": "minimal",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and how to reach a database on it."""

    port: int

    def url(self, database: str) -> str:
        """Return the database's URL, for `db_url`."""
        return f"postgresql+psycopg://grader:not-a-secret@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, as a copy of another, and return its URL."""
        import psycopg

        url = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"'.encode())
        return self.url(database)


@contextlib.contextmanager
def start_server() -> Iterator[Server]:
    """Start a server and stop it; if the package is not installed, skip the test, which is a failure in CI."""
    pytest.importorskip("psycopg")
    programs = _programs()
    # It refuses to run as root; the package makes a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="autograder-pg-"))
    try:
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data, password = folder / "data", folder / "password"
        password.write_text("not-a-secret\n", encoding="ascii")
        password.chmod(0o644)
        _run(
            user,
            *(programs / "initdb", "-D", data, "-U", "grader", "-A", "scram-sha-256", f"--pwfile={password}"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        )
        port = _free_port()
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        control: tuple[str | Path, ...] = (programs / "pg_ctl", "-D", data, "-w", "-t", "60")
        options = f"{settings} -p {port} -k {folder}"
        _run(user, *control, "-l", folder / "log", "-o", options, "start")
        try:
            yield Server(port)
        finally:
            _run(user, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Return the folder of the newest server: Debian puts none of its programs on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    if not found:
        pytest.skip("there is no PostgreSQL server here; Debian's package is called postgresql")
    return found[-1].parent


def _run(user: str | None, *command: str | Path) -> None:
    # The server keeps the output of pg_ctl open: a pipe would never end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            timeout=120,
            check=False,
            user=user,
        )
        output.seek(0)
        assert done.returncode == 0, output.read().decode(errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
