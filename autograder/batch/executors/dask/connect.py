"""The way to a dask scheduler, and what its workers offer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.batch.executors.dask import remote
from autograder.batch.executors.dask.messages import Offer
from autograder.batch.options import Tls
from autograder.errors import GraderFault, UsageError
from autograder.sandbox.spec import Tier

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Cluster", "connect", "on_workers"]

CONNECT_S = 30
#: A cluster that is starting may have no worker yet.
FIRST_WORKER_S = 60
#: dask's own threshold warns of notebooks with pictures.
LARGE_GRAPH = "1GiB"


@dataclass(slots=True)
class Cluster:
    """A client, and the workers that may be given work, by address."""

    client: Client
    device: str
    minimum: Tier
    #: The resources that a task asks for; dask gives it to workers that have them.
    resources: Mapping[str, float]
    offers: dict[str, Offer]

    @property
    def slots(self) -> int:
        """How many submissions can be graded at the same time."""
        return sum(self._slots(offer) for offer in self.offers.values())

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers that results may have, strongest first."""
        return tuple(
            sorted({offer.tier_on(self.device) for offer in self.offers.values()}, key=lambda tier: tier.value)
        )

    def refresh(self) -> list[str]:
        """Forget workers that are gone, look at new ones; return the addresses of those that are to be used.

        Raises:
            UsageError: if a new one cannot be used.
        """
        present = set(self.client.nthreads())
        for gone in set(self.offers) - present:
            del self.offers[gone]
        found = describe(self.client, sorted(present - set(self.offers)), missing_ok=True)
        new = {a: o for a, o in found.items() if self._slots(o)}
        for address, offer in new.items():
            _accept(address, offer, self.device, self.minimum)
        self.offers.update(new)
        return sorted(new)

    def _slots(self, offer: Offer) -> int:
        return min([offer.threads, *(int(offer.resources.get(r, 0) // n) for r, n in self.resources.items())])


@contextlib.contextmanager
def connect(scheduler: str | None, tls: Tls | None, device: str, minimum: Tier) -> Iterator[Cluster]:
    """Connect, compare versions, and choose the workers.

    Without an address, that of dask's own configuration is used. `device` is `cpu`, `cuda` or `auto`, which is `cuda`
    if a worker has the resource GPU. Work for the CPU asks for the resource CPU if some worker has it, so that workers
    with a GPU can be kept free.

    Raises:
        UsageError: if dask is not installed, no scheduler answers, or a worker cannot be used; says what differs.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise UsageError("--executor dask needs an extra: pip install 'torch-autograder[cluster]'.") from None
    scheduler = scheduler or dask.config.get("scheduler-address", None)
    if not scheduler:
        raise UsageError("--executor dask: name the scheduler with --scheduler tcp://HOST:8786.")
    if tls is not None and not scheduler.startswith("tls://"):
        raise UsageError(f"--tls-ca and its companions need a scheduler tls://HOST:PORT, not {scheduler!r}.")
    security = tls and distributed.Security(
        tls_ca_file=str(tls.ca), tls_client_cert=str(tls.cert), tls_client_key=str(tls.key), require_encryption=True
    )
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGE_GRAPH}):
        try:
            client = distributed.Client(
                scheduler, timeout=CONNECT_S, security=security or None, set_as_default=False, name="autograder"
            )
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"No dask scheduler can be reached at {scheduler}: {error}") from None
        try:
            yield _choose(client, device, minimum)
        finally:
            client.close(timeout=2)


def _choose(client: Client, device: str, minimum: Tier) -> Cluster:
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_S)
    except TimeoutError:
        raise UsageError(f"The dask cluster has no worker after {FIRST_WORKER_S} s; start some.") from None
    offers = describe(client, None)
    everything = {name for offer in offers.values() for name in offer.resources}
    if device == "auto":
        device = "cuda" if "GPU" in everything else "cpu"
    wanted = "GPU" if device == "cuda" else "CPU"
    resources = {wanted: 1.0} if device == "cuda" or "CPU" in everything else {}
    cluster = Cluster(client, device, minimum, resources, {})
    cluster.offers = {a: o for a, o in offers.items() if cluster._slots(o)}  # noqa: SLF001 - its maker
    if not cluster.offers:
        raise UsageError(
            f"--device {device}: no worker of the dask cluster has the resource {wanted}; "
            f"start some with `dask worker … --resources {wanted}=1`."
        )
    for address, offer in cluster.offers.items():
        _accept(address, offer, device, minimum)
    return cluster


def describe(client: Client, workers: Sequence[str] | None, *, missing_ok: bool = False) -> dict[str, Offer]:
    """Ask workers (default: all) what they are.

    Raises:
        UsageError: if one cannot answer, for example because autograder is not installed there.
    """
    if workers is not None and not workers:
        return {}
    found = on_workers(client, remote.describe, workers=workers)
    offers: dict[str, Offer] = {}
    for address, offer in sorted(found.items()):
        if isinstance(offer, Offer):
            offers[address] = offer
        elif not (missing_ok and isinstance(offer, OSError)):
            raise UsageError(
                f"The dask worker {address} cannot be used: {type(offer).__name__}: {offer}. "
                "It needs the same autograder, Python and torch as here."
            )
    return offers


def on_workers(client: Client, function: Any, *arguments: Any, workers: Sequence[str] | None) -> dict[str, Any]:
    """Run a function in each worker, beside its tasks; where it raises, the exception is that worker's answer.

    Raises:
        GraderFault: if the scheduler cannot be asked.
    """
    try:
        answers = client.run(function, *arguments, workers=workers, on_error="return")
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise GraderFault(f"the dask scheduler cannot be asked ({type(error).__name__}: {error}).") from None
    return dict(answers)


def _accept(address: str, offer: Offer, device: str, minimum: Tier) -> None:
    who = f"The dask worker {address} on {offer.host}"
    here = remote.own_versions()
    differing = [
        f"{name} {offer.versions.get(name, 'missing')} there, {own} here"
        for name, own in here.items()
        if offer.versions.get(name) != own
    ]
    if differing:
        raise UsageError(f"{who} has other versions: {'; '.join(differing)}. Results would not be comparable.")
    tier = offer.tier_on(device)
    if not tier.satisfies(minimum):
        raise UsageError(
            f"{who} offers isolation of tier {tier.value} ({tier.explanation}), less than the required "
            f"tier {minimum.value}. {offer.weakness}. `autograder doctor` there says what to do."
        )
    if device == "cuda" and offer.no_cuda is not None:
        raise UsageError(f"{who} has the resource GPU and no GPU to use: {offer.no_cuda}")
