"""seaborn and pandas, which the lecture's plots use: loaded once, used by every copy of a notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
