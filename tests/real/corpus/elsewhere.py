"""Code for another machine: Colab, Kaggle, a GPU, packages and files that are not here (item 2)."""

from __future__ import annotations

from dataclasses import replace

from real.habit import Habit, by_turns, texts

__all__ = ["HABITS"]

_ON_TOP = {
    "colab-drive": "from google.colab import drive\ndrive.mount('/content/drive')",
    "colab-drive-and-cd": "from google.colab import drive\ndrive.mount('/content/drive')\n"
    "%cd /content/drive/MyDrive/deep-learning\n!ls",
    "colab-upload": "from google.colab import files\nuploaded = files.upload()",
    "colab-secrets": "from google.colab import userdata\nuserdata.get('WANDB_KEY')",
    "colab-imshow": "from google.colab.patches import cv2_imshow",
    "kaggle-first-cell": "import numpy as np\nimport pandas as pd\nimport os\n"
    "for dirname, _, filenames in os.walk('/kaggle/input'):\n    for filename in filenames:\n"
    "        print(os.path.join(dirname, filename))",
    "kaggle-secrets": "from kaggle_secrets import UserSecretsClient\nUserSecretsClient().get_secret('key')",
    "torchinfo": "import torchinfo",
    "torchsummary": "from torchsummary import summary",
    "torchvision": "import torchvision\nfrom torchvision import datasets, transforms",
    "wandb": "import wandb\nwandb.init(project='course')",
    "tqdm-notebook": "from tqdm.notebook import tqdm",
    "scikit-learn": "from sklearn.datasets import make_moons\nfrom sklearn.model_selection import train_test_split",
    "opencv": "import cv2",
    "lightning": "import lightning as L\nL.seed_everything(0)",
    "tensorboard-writer": "from torch.utils.tensorboard import SummaryWriter\nwriter = SummaryWriter('runs')",
    "jupyter-black": "import jupyter_black\njupyter_black.load()",
    "several-imports-in-one-line": "import os, sys, torchviz, json",
    "helpers-forgotten": "from my_helpers import *",
    "gpu-name": "import torch\nprint(torch.cuda.get_device_name(0))",
    "gpu-asserted": "import torch\nassert torch.cuda.is_available(), 'Runtime, change runtime type, GPU'",
    "version-asserted": "import sys\nassert sys.version_info >= (3, 15)",
    "optimizers-of-torch": "from torch.optim import SGD, Adam as TorchAdam",
    "initialisers-of-torch": "from torch.nn import init\nimport torch.nn.init as weights_init",
    "torch-before-its-import": "print(torch.__version__)",
    "restart-by-kill": "import os\nif not os.path.exists('/tmp/installed'):\n    os.kill(os.getpid(), 9)",
}

#: What the student must read, so that a person knows what to install.
_TOLD = {
    "colab-drive": "google.colab",
    "torchinfo": "torchinfo",
    "torchvision": "torchvision",
    "wandb": "wandb",
    "opencv": "cv2",
    "lightning": "lightning",
    "scikit-learn": "sklearn",
    "helpers-forgotten": "my_helpers",
    "torch-before-its-import": "torch",
}

_AFTER = {
    "pandas-here-or-not": "import pandas as pd\ntable = pd.DataFrame({'lr': [0.1, 0.01]})\ndisplay(table)",
    "path-of-kaggle": "import csv\nrows = list(csv.reader(open('/kaggle/input/points/points.csv')))",
    "path-of-windows": "points = np.loadtxt('C:\\\\Users\\\\anna\\\\Desktop\\\\points.csv', delimiter=',')",
    "chdir-to-drive": "import os\nos.chdir('/content/drive/MyDrive')",
    "path-appended": "import sys\nsys.path.append('/content/drive/MyDrive/dl')\nsys.path.insert(0, '..')",
    "download": "import urllib.request\nurllib.request.urlretrieve('https://example.org/p.csv', 'p.csv')",
    "hub": "net = torch.hub.load('pytorch/vision', 'resnet18', pretrained=True)",
    "cuda-method": "y = torch.ones(2).cuda()\nprint(y.device)",
    "cuda-device": "device = torch.device('cuda')\ny = torch.ones(2, device=device)",
    "mps-device": "y = torch.ones(2).to('mps')",
    "device-if-there": "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\nprint('using', device)",
    "accelerator": "device = torch.accelerator.current_accelerator().type\ntorch.ones(2).to(device)",
    "default-device-cuda": "torch.set_default_device('cuda')",
    "default-device-mps": "torch.set_default_device(torch.device('mps'))",
    "default-tensor-type-cuda": "torch.set_default_tensor_type('torch.cuda.FloatTensor')",
    "seed-everything": "import random\nrandom.seed(0)\nnp.random.seed(0)\ntorch.manual_seed(0)\n"
    "torch.cuda.manual_seed_all(0)\ntorch.backends.cudnn.deterministic = True\ntorch.backends.cudnn.benchmark = False",
    "compile": "net = torch.compile(torch.nn.Linear(2, 2))\nnet(torch.ones(1, 2))",
    "loader-with-workers": "from torch.utils.data import DataLoader, TensorDataset\n"
    "data = TensorDataset(torch.ones(8, 2))\nprint(sum(len(b[0]) for b in DataLoader(data, num_workers=4)))",
    "pool-of-processes": "from multiprocessing import Pool\nwith Pool(2) as pool:\n    print(pool.map(abs, [-1, 2]))",
    "syntax-of-3-12-type": "type Vector = list[float]",
    "syntax-of-3-12-generic": "def first[T](items: list[T]) -> T:\n    return items[0]",
    "syntax-of-3-12-f-string": "d = {'lr': 0.1}\nprint(f'lr = {d['lr']}')",
    "syntax-of-3-14-except": "try:\n    1 / 1\nexcept ValueError, TypeError:\n    pass",
    "syntax-of-3-14-template": "name = 'x'\nprint(t'hello {name}')",
}

_AT_FOOT = {"newer-f-string-in-the-imports": "print(f'{'torch'} {torch.__version__}')"}

_AFTER_TOLD = {"cuda-method": "cuda", "mps-device": "mps", "syntax-of-3-12-type": "Python"}

HABITS: list[Habit] = by_turns(
    [
        *texts("on-top", 2, _ON_TOP, told=_TOLD),
        *texts("after-imports", 2, _AFTER, told=_AFTER_TOLD),
        *texts("at-foot", 2, _AT_FOOT),
    ]
)

#: An exercise whose own cell imports a missing package is lost, with those that call it, and named; all others count.
HABITS += [
    replace(habit, slugs=(slug,), but=points)
    for slug, points in (("optimizers", 4.0), ("xavier", 10.0))
    for habit in texts(
        "in-exercise",
        2,
        {f"missing-package-in-the-exercise-{slug}": "from torchinfo import summary"},
        told={f"missing-package-in-the-exercise-{slug}": "torchinfo"},
    )
]
