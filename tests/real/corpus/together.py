"""People and their tools: several habits at once, on every assignment."""

from __future__ import annotations

from real.corpus.forms import drop_metadata
from real.habit import Habit, by_turns, texts
from real.handin import PLACES, SLUGS, HandIn

__all__ = ["HABITS"]

#: Code below a definition, in the exercise's own cell: the definition is there before the cell stops.
_UNDER = {
    "under-a-definition-error": "print(undefined_yet)",
    "under-a-definition-assertion": "assert 1 == 2, 'why?'",
    "under-a-definition-exit": "import sys\nsys.exit()",
    "under-a-definition-pip": "!pip install -q torchviz",
    "under-a-definition-input": "input('continue?')",
    "under-a-definition-cuda": "torch.ones(2).cuda()",
    "under-a-definition-package": "from torchviz import make_dot",
    "under-a-definition-timeit": "%timeit -n 2 -r 1 1 + 1",
    "under-a-definition-interrupt": "raise KeyboardInterrupt",
}
_MAGIC_ON_EXERCISE = {
    "capture-on-the-exercise": "%%capture",
    "capture-named-on-the-exercise": "%%capture --no-stderr out",
}


def _colab(handin: HandIn) -> None:
    """Colab: a copy of its own, without nbgrader's metadata, with its drive and its pip."""
    PLACES["on-top"](handin, "!pip install -q torchinfo\nfrom google.colab import drive\ndrive.mount('/content/drive')")
    PLACES["after-imports"](handin, "!nvidia-smi\ndevice = torch.device('cuda')\ntorch.ones(2).to(device)")
    PLACES["last"](handin, "from google.colab import files\nfiles.download('model.pt')")
    drop_metadata(handin)
    handin.name = f"Copy of {handin.slug}.ipynb"


def _vscode(handin: HandIn) -> None:
    """VS Code: no ids, a pip magic, a widget backend, and a folder handed in with its settings."""
    PLACES["on-top"](handin, "%pip install ipympl\n%matplotlib widget\n%load_ext autoreload\n%autoreload 2")
    handin.notebook.nbformat_minor = 2
    for cell in handin.notebook.cells:
        cell.pop("id", None)
    handin.name = f"{handin.slug}/{handin.slug}.ipynb"
    handin.files[f"{handin.slug}/.vscode/settings.json"] = b"{}"


def _kaggle(handin: HandIn) -> None:
    """Kaggle: its first cell, its paths, and its names for notebooks."""
    PLACES["first"](handin, "import pandas as pd\nimport os\nprint(os.listdir('/kaggle/input'))")
    PLACES["last"](handin, "!zip -r out.zip /kaggle/working\nfrom IPython.display import FileLink\nFileLink('out.zip')")
    handin.name = "notebook8f3a2c91d7.ipynb"


def _windows(handin: HandIn) -> None:
    """Windows: a byte order mark, its line ends, a path of its own, and the browser's second download."""
    PLACES["last"](handin, "plt.plot([1, 2])\nplt.savefig('C:\\\\Users\\\\Anna\\\\loss.png')")
    handin.encode = lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    handin.name = f"{handin.slug} (1).ipynb"
    handin.files["Thumbs.db"] = b"\xd0\xcf\x11\xe0"


def _mac(handin: HandIn) -> None:
    """A Mac: a zipped folder's remains, a GPU of its own, and a backend of its own."""
    PLACES["on-top"](handin, "import matplotlib\nmatplotlib.use('macosx')")
    PLACES["after-imports"](handin, "device = 'mps'\ntorch.set_default_device(device)")
    handin.name = f"Abgabe/{handin.slug}.ipynb"
    handin.files[f"__MACOSX/Abgabe/._{handin.slug}.ipynb"] = b"\x00\x05\x16\x07"
    handin.files[".DS_Store"] = b"\x00\x00\x00\x01Bud1"


def _hurry(handin: HandIn) -> None:
    """Five minutes before the deadline: scratch cells everywhere, names taken, nothing tidied."""
    PLACES["first"](handin, "x = torch.ones(3)")
    PLACES["middle"](handin, "raise RuntimeError('ask in the tutorial')")
    PLACES["last"](handin, "sum = 0\nlist = [1, 2]\nfloat = 'x'\np = w = model = None\ntorch.set_grad_enabled(False)")
    PLACES["last"](handin, "def unfinished(:\n    pass")
    handin.name = f"{handin.slug}_final_FINAL.ipynb"


HABITS: list[Habit] = by_turns([*texts("under-exercise", 2, _UNDER), *texts("in-exercise", 1, _MAGIC_ON_EXERCISE)])
HABITS += [
    Habit(name, 2, change, (SLUGS[i % 4], *SLUGS[i % 4 + 1 :], *SLUGS[: i % 4]), told=("ipynb",))
    for i, (name, change) in enumerate(
        {
            "person-on-colab": _colab,
            "person-in-vscode": _vscode,
            "person-on-kaggle": _kaggle,
            "person-on-windows": _windows,
            "person-on-a-mac": _mac,
            "person-in-a-hurry": _hurry,
        }.items()
    )
]
