"""Libraries in a worker: seaborn and pandas, which the lecture's plots use; torch's compiler, which does not run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

Run = Callable[[str], dict[str, Any]]
PLOT = """
import sys
ready = 'seaborn' in sys.modules
import pandas as pd
import seaborn as sns
sns.set_theme(style='whitegrid')
data = pd.DataFrame({'lr': [0.1, 0.2, 0.1, 0.2], 'loss': [4.0, 2.0, 2.0, 1.0]})
sns.violinplot(data=data, x='lr', y='loss')
print(ready, data.groupby('lr').loss.mean().tolist())
"""


def test_seaborn_draws_in_each_tier(run: Run) -> None:
    """A notebook that imports it does not pay for loading it, and its plots are shown."""
    answer = run(PLOT)
    assert answer["error"] is None
    assert [o["text"] for o in answer["outputs"] if o.get("name") == "stdout"] == ["True [3.0, 1.5]\n"]
    assert ["image/png" in o["data"] for o in answer["outputs"] if o["output_type"] == "display_data"] == [True]


def test_a_data_frame_is_shown(run: Run) -> None:
    """It is shown as text, because pages show no HTML."""
    answer = run("import pandas as pd\npd.DataFrame({'a': [1, 2]})")
    assert answer["error"] is None
    (result,) = [o for o in answer["outputs"] if o["output_type"] == "execute_result"]
    assert result["data"]["text/plain"] == "   a\n0  1\n1  2"


def test_pandas_reads_what_it_wrote(run: Run) -> None:
    """This works in memory, in every tier."""
    source = "import io\nimport pandas as pd\ntext = pd.DataFrame({'a': [1, 2]}).to_csv(index=False)"
    answer = run(f"{source}\nprint(pd.read_csv(io.StringIO(text)).a.sum())")
    assert answer["error"] is None
    assert [o["text"] for o in answer["outputs"]] == ["3\n"]


COMPILED = """
import torch

@torch.compile
def double(x):
    return 2 * x

@torch.compile(backend='inductor', fullgraph=True)
def triple(x):
    return 3 * x

net = torch.compile(torch.nn.Linear(2, 1, bias=False), mode='reduce-overhead')
net.compile()
print(double(torch.ones(1)).item(), triple(torch.ones(1)).item(), net(torch.zeros(1, 2)).item(), list(net.state_dict()))
"""


def expect_unchanged(answer: dict[str, Any]) -> None:
    """Require the functions' values, the model's names, and a line for the student."""
    assert answer["error"] is None
    said = {o["name"]: o["text"] for o in answer["outputs"]}
    assert said["stdout"] == "2.0 3.0 0.0 ['weight']\n"
    assert "torch.compile has nothing to compile with here" in said["stderr"]


def test_what_is_compiled_runs_as_written(run: Run) -> None:
    """torch.compile left on costs nothing: there is no compiler, so a function stays as it is."""
    expect_unchanged(run(COMPILED))


def test_it_does_so_whatever_is_forbidden() -> None:
    """Where torch.compile runs it changes torch.distributions, which an assignment may take away."""
    limits = WorkerLimits(memory_bytes=3 << 30, cpu_s=20, file_bytes=8 << 20, processes=16)
    with (
        ZygoteProcess(choose_tier(Tier.C).tier, forbidden=["torch.distributions"]) as made,
        made.spawn(limits) as worker,
    ):
        request = {"source": COMPILED, "limit_s": 10.0, "limit_bytes": 100_000, "name": "cell 1"}
        expect_unchanged(worker.channel.request("cell", request, 15.0))
