"""Commands of the shell and magics: a line says what is refused, and the cell goes on (item 1)."""

from __future__ import annotations

from dataclasses import replace

from real.habit import Habit, by_turns, texts

__all__ = ["HABITS"]

_ON_TOP = {
    "pip-install-quietly": "!pip install -q torchsummary",
    "pip-install-spaced": "! pip3 install --user --upgrade numpy",
    "pip-magic": "%pip install torchmetrics",
    "pip-two-lines": "!pip install --upgrade pip\n!pip install torch torchvision matplotlib",
    "pip-by-executable": "import sys\n!{sys.executable} -m pip install -q numpy",
    "pip-if-colab": "if 'google.colab' in str(get_ipython()):\n    !pip install -q torchmetrics",
    "pip-if-missing": "try:\n    import torchinfo\nexcept ImportError:\n    !pip install -q torchinfo",
    "pip-through-get-ipython": "get_ipython().system('pip install -q einops')",
    "pip-captured-with-imports": "%%capture\n!pip install -q einops",
    "conda-install": "%conda install -y pytorch -c pytorch",
    "apt-get": "!apt-get -qq install -y graphviz > /dev/null",
    "wget": "!wget -q https://example.org/points.csv -O points.csv",
    "curl-and-unzip": "!curl -sLO https://example.org/d.zip && unzip -oq d.zip -d data",
    "gdown": "!gdown --id 1AbCdEf",
    "git-clone-and-cd": "!git clone https://example.org/course.git\n%cd course",
    "nvidia-smi": "!nvidia-smi",
    "shell-listing-kept": "names = !ls\nprint(len(names), 'files', names.grep('ipynb'))",
    "shell-listing-indexed": "version = !python --version\nprint(version[0])",
    "shell-listing-printed": "!!ls -la",
    "system-magic": "%sx pwd\n%system date",
    "gpu-of-colab": "gpu_info = !nvidia-smi\ngpu_info = '\\n'.join(gpu_info)\n"
    "print('Not connected to a GPU' if gpu_info.find('failed') >= 0 else gpu_info)",
    "shell-with-variable": "folder = 'figures'\n!mkdir -p {folder} && ls $folder",
    "autoreload": "%load_ext autoreload\n%autoreload 2",
    "extension-tensorboard": "%load_ext tensorboard\n%tensorboard --logdir runs",
    "extension-lab-black": "%load_ext lab_black",
    "extension-of-a-profiler": "%load_ext line_profiler\n%load_ext memory_profiler",
    "watermark": "%load_ext watermark\n%watermark -v -p torch,numpy",
    "env": "%env CUDA_VISIBLE_DEVICES=0\n%env KMP_DUPLICATE_LIB_OK=TRUE\n%set_env OMP_NUM_THREADS 4",
    "folder-magics": "%mkdir -p figures\n%cd figures\n%pwd\n%ls\n%cd ..",
    "autosave": "%autosave 60",
    "precision-and-pprint": "%precision 3\n%pprint\n%xmode Verbose",
    "debugger-on": "%pdb on",
    "lists-of-names": "a = 1\n%who\n%whos\n%lsmagic",
    "alias-and-rehash": "%alias ll ls -l\n%rehashx\n%bookmark here",
    "unknown-magic": "%nbgrader_hint\n%skip",
    "os-system": "import os\nos.system('pip install -q tqdm')",
    "popen": "import os\nprint(os.popen('nvidia-smi').read())",
    "subprocess-pip": "import subprocess, sys\n"
    "subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', 'tqdm'])",
    "subprocess-output": "import subprocess\nprint(subprocess.run(['nvidia-smi'], capture_output=True, text=True).stdout)",
    "run-of-a-script-that-is-not-there": "%run setup.py\n%load_ext nbdime",
}

#: Without a percent sign a magic works only in a cell of one line.
_CELLS = {
    "pip-bare": "pip install torchinfo",
    "folder-bare": "mkdir plots",
    "bash-cell": "%%bash\npip install -q einops\nls -la",
    "sh-cell": "%%sh\necho $HOME",
    "script-cell": "%%script bash --bg\nsleep 1",
    "capture-cell": "%%capture\n!pip install -q seaborn torchmetrics",
    "capture-cell-shown-later": "%%capture log\nprint('quiet')",
    "cython-cell": "%%cython\ndef f(int x):\n    return 2 * x",
    "perl-cell": "%%perl\nprint 1;",
    "latex-and-html-cell": "%%html\n<style>table {float: left}</style>",
    "javascript-cell": "%%javascript\nIPython.OutputArea.prototype._should_scroll = function(lines) {return false;}",
    "timed-cell": "%%time\ntotal = sum(range(1000))",
    "timeit-cell": "%%timeit -n 3 -r 1\nsum(range(100))",
    "timeit-line": "%timeit -n 3 -r 1 sum(range(100))\n%time sum(range(10))\n%prun sum(range(10))",
    "store": "lr_kept = 0.1\n%store lr_kept\n%store -r lr_kept",
    "store-of-nothing": "%store -r model_weights",
    "history-and-help": "%history -n 1-2\nprint?\n?len",
    "input": "name = input('Your name: ')\nprint('Hello', name)",
    "input-for-a-number": "epochs = int(input('How many epochs? '))",
    "getpass": "from getpass import getpass\nkey = getpass('API key: ')",
    "restart-of-the-kernel": "get_ipython().kernel.do_shutdown(True)",
    "clear-output": "from IPython.display import clear_output, display, HTML\ndisplay(HTML('<b>x</b>'))\nclear_output(wait=True)",
}

_IN_EXERCISE = {
    "pip-in-the-exercise": "!pip install -q torchmetrics",
    "pip-magic-in-the-exercise": "%pip install -q torchmetrics",
    "time-magic-on-the-exercise": "%%time",
    "autoreload-in-the-exercise": "%load_ext autoreload\n%autoreload 2",
    "listing-in-the-exercise": "found = !ls",
}

HABITS: list[Habit] = by_turns(
    [
        *(replace(h, everywhere=True) for h in texts("on-top", 1, _ON_TOP)),
        *texts("after-imports", 1, _CELLS),
        *texts("in-exercise", 1, _IN_EXERCISE),
    ]
)
