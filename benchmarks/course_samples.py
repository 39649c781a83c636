"""Courses as they are taught, made here: what their notebooks import, read, start and show, and what students hand in.

Each has an instructor's solution, which one student hands in too; other students' answers are wrong, missing or odd.
"""

from __future__ import annotations

import base64
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader_samples import code, notebook_of

__all__ = ["CourseSample", "courses"]

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
#: Answers of one student, by the cell's id.
Answers = Mapping[str, str]


@dataclass(frozen=True)
class CourseSample:
    """One course with one assignment.

    `notebooks` are the instructor's, `answers` those of students besides `right`, who hands the solution in, and
    `blank`, who hands the released notebook in. `beside` are a student's own files. `differs` names, for a student
    and a cell, the row of the parity table in docs/nbgrader.md that explains the difference.
    """

    name: str
    notebooks: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, Answers] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    beside: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    config: str = ""
    needs: tuple[str, ...] = ()
    kernel: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    differs: Mapping[tuple[str, str], str] = field(default_factory=dict)


def solved(name: str, answer: str, before: str = "") -> dict[str, Any]:
    """Return a cell in which students get `before`, and no part of the answer."""
    return code(f"{before}### BEGIN SOLUTION\n{answer}\n### END SOLUTION", name, solution=True)


def body(name: str, signature: str, answer: str) -> dict[str, Any]:
    """Return a cell in which students get a function's signature."""
    lines = "".join(f"    {line}\n" for line in ["### BEGIN SOLUTION", *answer.split("\n"), "### END SOLUTION"])
    return code(f"{signature}\n{lines}", name, solution=True)


def graded(name: str, source: str, points: float = 1) -> dict[str, Any]:
    """Return a test cell."""
    return code(source, name, points=points)


def written(name: str, source: str, points: float = 2, *, task: bool = False, is_code: bool = False) -> dict[str, Any]:
    """Return a cell that a person grades: an answer in words, a task, or code."""
    cell = code(source, name, points=points, solution=not task)
    known = {**cell["metadata"]["nbgrader"], "grade": not task, "task": task, "locked": task}
    metadata = {"nbgrader": {**known, "cell_type": "code" if is_code else "markdown"}}
    if is_code:
        return {**cell, "metadata": metadata}
    return {"cell_type": "markdown", "metadata": metadata, "source": source}


def text(source: str) -> dict[str, Any]:
    """Return a text of the instructor's."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def one(*cells: Mapping[str, Any], kernel: str = "python3") -> dict[str, dict[str, Any]]:
    """Return an assignment of one notebook."""
    return {"ps": notebook_of(cells, kernel)}


# -- courses as others have met them ---------------------------------------------------------------------------


def pandas_beside_pyarrow() -> CourseSample:
    """Importing pandas loads pyarrow, whose allocator starts a thread."""
    cells = [
        code("import pandas as pd\nimport pyarrow as pa\nimport pyarrow.parquet as pq"),
        body("means", "def means(frame):", "return frame.groupby('kind')['size'].mean()"),
        graded("test_means", "f = pd.DataFrame({'kind': list('aab'), 'size': [1, 3, 5]})\nassert means(f)['a'] == 2"),
        graded("test_parquet", "pq.write_table(pa.Table.from_pandas(f), 'f.parquet')\npd.read_parquet('f.parquet')"),
        graded("test_strings", "assert means(f.astype({'kind': 'string[pyarrow]'}))['b'] == 5"),
        graded("test_csv", "f.to_csv('f.csv')\nassert pd.read_csv('f.csv', engine='pyarrow').shape == (3, 3)"),
    ]
    wrong = {"means": "def means(frame):\n    return frame.groupby('kind')['size'].sum()"}
    return CourseSample("pandas, pyarrow", one(*cells), {"wrong": wrong}, needs=("pandas", "pyarrow"))


def photo_as_answer() -> CourseSample:
    """A picture beside the notebook is the answer; a helper module is the course's."""
    cells = [
        text("Look at ![figure](fig.png)."),
        written("answer", "### BEGIN SOLUTION\nmy calculation\n### END SOLUTION"),
        graded("test_helper", "import helper\nassert helper.VALUE == 1"),
    ]
    return CourseSample(
        "photo as answer",
        one(*cells),
        {"photo": {"answer": "My work: ![photo](photo.png)"}},
        files={"fig.png": PNG, "helper.py": b"VALUE = 1\n"},
        beside={"photo": {"photo.png": PNG, "notes.pdf": b"%PDF-1.4 x", "helper.py": b"VALUE = 2\n"}},
    )


def notebooks_that_run_each_other() -> CourseSample:
    """Two parts, of which the second uses the first, and a given notebook."""
    tools = notebook_of([code("def given(x):\n    return x + 1")])
    part1 = [body("mine", "def mine(x):", "return 2 * x"), graded("test_mine", "assert mine(4) == 8")]
    part2 = [
        code("%run tools.ipynb"),
        graded("test_given", "assert given(1) == 2"),
        graded("test_mine_again", "%run part1.ipynb\nassert mine(3) == 6"),
        graded("test_read", "import nbformat\nassert len(nbformat.read('part2.ipynb', 4).cells) == 5"),
        solved("sum", "total = given(1) + mine(2)"),
        graded("test_sum", "assert total == 6"),
    ]
    return CourseSample(
        "notebooks, %run",
        {"part1": notebook_of(part1), "part2": notebook_of(part2), "tools": tools},
        {"wrong": {"mine": "def mine(x):\n    return x", "sum": "total = 0"}},
        differs={("*", name): "a notebook runs or reads one" for name in ("test_given", "test_sum")},
    )


def joblib_and_pools() -> CourseSample:
    """scikit-learn with all processors, executors, and processes that are spawned."""
    sums = "assert list(e.map(abs, [-1, 2])) == [1, 2]"
    cells = [
        code("from sklearn.datasets import load_iris\nX, y = load_iris(return_X_y=True)"),
        solved(
            "search",
            "from sklearn.model_selection import GridSearchCV\nfrom sklearn.tree import DecisionTreeClassifier\n"
            "grid = {'max_depth': [1, 3]}\n"
            "search = GridSearchCV(DecisionTreeClassifier(random_state=0), grid, n_jobs=-1).fit(X, y)",
        ),
        graded("test_search", "assert search.best_params_ == {'max_depth': 3}"),
        graded(
            "test_jobs", "from joblib import Parallel, delayed\nassert Parallel(n_jobs=2)([delayed(abs)(-1)]) == [1]"
        ),
        graded(
            "test_executor", f"from concurrent.futures import ProcessPoolExecutor as P\nwith P(2) as e:\n    {sums}"
        ),
        graded("test_spawn", f"import multiprocessing as mp\nwith mp.get_context('spawn').Pool(2) as e:\n    {sums}"),
    ]
    return CourseSample(
        "joblib, pools", one(*cells), {"wrong": {"search": "search = None"}}, needs=("sklearn", "joblib")
    )


def own_kernel() -> CourseSample:
    """The environment of the notebook's kernel has a package that the grader's does not have."""
    cells = [
        code("import only_in_the_course as own\nimport by_a_path_file\nimport editable_package"),
        body("double", "def double(x):", "return own.TWO * x"),
        graded("test_double", "assert double(2) == 4"),
        graded("test_prefix", "import sys\nassert 'kenv' in sys.prefix, sys.prefix"),
        graded("test_path_file", "assert by_a_path_file.VALUE == 3"),
        graded("test_editable", "assert editable_package.VALUE == 4 and editable_package.DATA.read_text() == 'data'"),
        graded("test_pythonpath", "import by_pythonpath\nassert by_pythonpath.VALUE == 5"),
        graded("test_variable", "import os\nassert os.environ['OF_THE_KERNEL'] == 'yes'"),
    ]
    wrong = {"double": "def double(x):\n    return x"}
    return CourseSample("own kernel", one(*cells, kernel="course-env"), {"wrong": wrong}, kernel=True)


# -- courses of other kinds ------------------------------------------------------------------------------------


def helpers_and_data() -> CourseSample:
    """Modules of the course and of the student, tables, a database, files that grow, a variable."""
    cells = [
        code("import json, os, sqlite3, sys\nfrom pathlib import Path\nimport tools.shapes\nfrom helper import unit"),
        body("load", "def load():", "return [float(x) for x in Path('data/n.csv').read_text().split(',')]"),
        graded("test_load", "assert sum(load()) == 6"),
        graded("test_unit", "assert unit(tools.shapes.square(2)) == '4 cm'"),
        solved(
            "insert",
            "db = sqlite3.connect('shop.db')\ndb.execute('insert into t values (3)')\ndb.commit()",
        ),
        graded("test_insert", "assert db.execute('select sum(x) from t').fetchone() == (6,)"),
        graded("test_append", "open('log.txt', 'a').write('more')\nassert Path('log.txt').read_text() == 'firstmore'"),
        graded("test_folder", "Path('out').mkdir()\njson.dump([1], open('out/x.json', 'w'))\nassert os.listdir('out')"),
        graded("test_many", "for i in range(2100): Path(f'f{i}').write_text('x')\nassert len(os.listdir()) > 2100"),
        graded("test_variable", "assert os.environ['COURSE_LEVEL'] == '3'"),
        graded("test_own", "from mine import answer\nassert answer == 42"),
        graded("test_argv", "assert Path.cwd().joinpath('data').is_dir() and len(sys.argv) >= 1"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder, "shop.db"))
        database.executescript("create table t (x int); insert into t values (1), (2);")
        database.close()
        shop = Path(folder, "shop.db").read_bytes()
    files = {
        "data/n.csv": b"1,2,3",
        "shop.db": shop,
        "log.txt": b"first",
        "helper.py": b"def unit(x):\n    return f'{x} cm'\n",
        "tools/__init__.py": b"",
        "tools/shapes.py": b"def square(x):\n    return x * x\n",
        "mine.py": b"answer = 42\n",
    }
    forged = {"data/n.csv": b"6", "helper.py": b"def unit(x):\n    return '4 cm'\n", "mine.py": b"answer = 1\n"}
    answers = {
        "wrong": {"load": "def load():\n    return Path('data/n.csv').read_text()", "insert": "db = None"},
        "forged": {"load": "def load():\n    return [6]"},
    }
    return CourseSample(
        "helpers, data",
        one(*cells),
        answers,
        files=files,
        beside={"forged": forged},
        config="c.InNotebook.environment = ['COURSE_LEVEL']\n",
        variables={"COURSE_LEVEL": "3"},
    )


def widgets_and_pictures() -> CourseSample:
    """Widgets, tables, formulas and figures, asked for their state and their size."""
    cells = [
        code(
            "import ipywidgets as w\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\n"
            "import plotly.express as px\nimport seaborn as sns\n"
            "from IPython.display import HTML, SVG, Latex, Math, Markdown, clear_output, display, update_display"
        ),
        solved("slider", "s = w.IntSlider(value=3, max=9)\nout = w.Output()\nwith out:\n    print('shown')\ns"),
        graded("test_slider", "s.value = 12\nassert s.value == 9"),
        graded("test_interact", "seen = []\nw.interact(lambda x: seen.append(x), x=w.fixed(1))\nassert seen == [1]"),
        graded(
            "test_observe", "s.observe(lambda change: seen.append(change.new), 'value')\ns.value = 2\nassert 2 in seen"
        ),
        solved(
            "plot",
            "fig, axes = plt.subplots(1, 2)\naxes[0].plot([1, 2])\nsns.histplot([1, 2, 2], ax=axes[1])\nplt.show()",
        ),
        graded(
            "test_plot",
            "assert len(axes[0].lines) == 1\nfig.savefig('a.svg'); fig.savefig('a.pdf'); fig.savefig('a.jpg')",
        ),
        graded("test_plotly", "p = px.scatter(x=[1, 2], y=[3, 4])\np.show()\nassert len(p.data) == 1"),
        graded(
            "test_table", "t = pd.DataFrame({'a': [1, 2]})\ndisplay(t, HTML('<b>x</b>'), Latex('$x$'), Math('x'))\nt"
        ),
        graded("test_styled", "display(Markdown('*x*'), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))\nt.style"),
        graded("test_handle", "h = display('a', display_id=True)\nh.update('b')\nclear_output()\nassert h.display_id"),
        written("drawn", "### BEGIN SOLUTION\nplt.plot(np.arange(3))\n### END SOLUTION", is_code=True),
        graded("test_bars", "from tqdm.auto import tqdm\nassert sum(tqdm(range(3))) == 3"),
    ]
    needs = ("ipywidgets", "plotly", "seaborn", "pandas", "tqdm")
    wrong = {"slider": "s = w.IntSlider(max=99)", "plot": "fig, axes = plt.subplots(2)", "drawn": "plt.hist([1, 2])"}
    return CourseSample(
        "widgets, figures",
        one(*cells),
        {"wrong": wrong},
        needs=needs,
    )


def parts_by_hand() -> CourseSample:
    """Three notebooks with written answers, tasks, code by hand and partial credit."""
    part1 = [
        written("why", "### BEGIN SOLUTION\nbecause\n### END SOLUTION"),
        written("proof", "Prove it.", task=True),
        code("import numpy as np"),
        body("mean", "def mean(x):", "return sum(x) / len(x)"),
        graded(
            "test_mean",
            "assert mean([1, 3]) == 2\n### BEGIN HIDDEN TESTS\nassert mean([2]) == 2\n### END HIDDEN TESTS",
            3,
        ),
        graded("test_close", "np.isclose(mean([1, 3]), 2)"),
        graded("test_partial", "sum(mean([i]) == i for i in range(3))", 4),
        graded("test_library_number", "np.float64(0.5)"),
    ]
    part2 = [
        written("draw", "### BEGIN SOLUTION\nprint('drawn')\n### END SOLUTION", is_code=True),
        graded("test_print", "print('said')"),
        graded("test_text", "'fine'"),
        graded("test_error", "mean"),
        graded("test_warns", "import warnings\nwarnings.warn('old')"),
    ]
    part3 = [written("essay", "### BEGIN SOLUTION\nlong\n### END SOLUTION", 5), graded("test_none", "None", 0)]
    answers = {
        "wrong": {"mean": "def mean(x):\n    return max(x)", "why": "no idea", "draw": "1 / 0", "essay": "short"},
        "syntax": {"mean": "def mean(x)\n    return 1"},
    }
    return CourseSample(
        "parts, by hand",
        {name: notebook_of(cells) for name, cells in {"part1": part1, "part2": part2, "part3": part3}.items()},
        answers,
        differs={
            ("*", "test_library_number"): "a test cell's value is a number of a library's",
            ("*", "test_warns"): "a test cell writes a warning to stderr",
            ("*", "test_close"): "a test cell's value is NaN, negative, or `False`",
        },
    )


def heavy_use() -> CourseSample:
    """Threads, shared memory, a large array, the kernel's own object, and what the machine has."""
    cells = [
        code("import threading, time\nimport numpy as np\nimport psutil"),
        solved("start", "threads = [threading.Thread(target=time.sleep, args=(0.2,)) for _ in range(200)]"),
        graded("test_threads", "[t.start() for t in threads]\n[t.join() for t in threads]\nassert len(threads) == 200"),
        graded(
            "test_shared",
            "from multiprocessing import shared_memory as sm\nm = sm.SharedMemory(create=True, size=8)\n"
            "m.buf[0] = 7\nother = sm.SharedMemory(m.name)\nassert other.buf[0] == 7\n"
            "other.close()\nm.close()\nm.unlink()",
        ),
        graded("test_large", "a = np.ones(1_500_000_000 // 8)\nassert a.sum() > 1e8\ndel a"),
        graded(
            "test_machine",
            "p = psutil.Process()\nassert p.memory_info().rss and sum(p.cpu_times()[:2])\n"
            "assert psutil.cpu_percent() >= 0\n"
            "assert psutil.cpu_count() and psutil.virtual_memory().total and psutil.pid_exists(p.pid)",
        ),
        graded("test_kernel", "assert get_ipython().kernel.shell is get_ipython()"),
        graded("test_magics", "%timeit -n1 -r1 1\n%time x = 2\nassert x == 2"),
        graded("test_capture", "%%capture kept\nprint('x')"),
        graded("test_captured", "assert kept.stdout == 'x\\n'"),
        graded("test_async", "import asyncio\nawait asyncio.sleep(0)\nassert asyncio.get_running_loop()"),
        solved("look", "listing = !ls\nimport os\nhere = os.listdir()"),
        graded("test_look", "assert 'ps.ipynb' in here and list(listing)"),
    ]
    wrong = {"start": "threads = []", "look": "here = []\nlisting = !rm -r nothing"}
    return CourseSample("threads, memory", one(*cells), {"wrong": wrong}, needs=("psutil",))


def courses() -> Sequence[CourseSample]:
    """Return all courses."""
    return (
        pandas_beside_pyarrow(),
        photo_as_answer(),
        notebooks_that_run_each_other(),
        joblib_and_pools(),
        own_kernel(),
        helpers_and_data(),
        widgets_and_pictures(),
        parts_by_hand(),
        heavy_use(),
    )
