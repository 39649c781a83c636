"""Ready-made answers: the optimizer that the exercise asks for, taken from torch in every way."""

from __future__ import annotations

import textwrap
from typing import Any

from hostile.case import Case

_PLAIN = {
    "by-name": "Descent = torch.optim.SGD",
    "by-import": "from torch.optim import SGD\nclass Descent(SGD):\n    pass",
    "by-alias": "import torch.optim as o\nS = o.SGD\nclass Descent(S):\n    pass",
    "by-submodule": "from torch.optim.sgd import SGD as Descent",
    "by-composition": "class Descent(torch.optim.Optimizer):\n    def __init__(self, params, lr):\n"
    "        params = list(params)\n        super().__init__(params, {'lr': lr})\n"
    "        self.inner = torch.optim.SGD(params, lr)\n    def step(self):\n        self.inner.step()",
    "by-functional": "from torch.optim import _functional as F\n@STEP F.sgd",
}

_PROVEN = {
    "by-getattr": "Descent = getattr(torch.optim, 'SGD')",
    "by-built-name": "Descent = getattr(torch.optim, 'S' + 'G' + 'D')",
    "by-reversed-name": "Descent = getattr(torch.optim, 'DGS'[::-1])",
    "by-joined-name": "Descent = getattr(torch.optim, ''.join(['S', 'GD']))",
    "by-characters": "Descent = getattr(torch.optim, chr(83) + chr(71) + chr(68))",
    "by-base64": "import base64\nDescent = getattr(torch.optim, base64.b64decode(b'U0dE').decode())",
    "by-format": "Descent = getattr(torch.optim, '{}{}'.format('S', 'GD'))",
    "by-import-module": "import importlib\nDescent = importlib.import_module('torch.optim.sgd').SGD",
    "by-dunder-import": "Descent = getattr(__import__('torch').optim, 'SGD')",
    "by-sys-modules": "import sys\nDescent = sys.modules['torch.optim'].SGD",
    "by-vars": "Descent = vars(torch.optim)['SGD']",
    "by-dict": "Descent = torch.optim.__dict__['S' 'GD']",
    "by-attrgetter": "import operator\nDescent = operator.attrgetter('optim.SGD')(torch)",
    "by-exec": "exec('Descent = torch.optim.SGD')\nDescent = Descent",
    "by-eval": "Descent = eval('torch.optim.SGD')",
    "by-operator": "@STEP torch.ops.aten._fused_sgd_",
    "by-functional-operator": "@STEP torch.ops.aten._fused_sgd",
    "by-overload": "@STEP torch.ops.aten._fused_sgd.default",
    "by-vf": "@STEP torch._VF._fused_sgd_",
    "by-internal-class": "@STEP torch._C._VariableFunctionsClass._fused_sgd_",
    "by-reduce": "import functools\nfound = functools.reduce(getattr, ['ops', 'aten', '_fused_sgd'], torch)\n@STEP found",
    "by-locate": "import pydoc\n@STEP pydoc.locate('torch._VF')._fused_sgd_",
    "by-import-item": "from IPython.utils.importstring import import_item\n@STEP import_item('torch._VF')._fused_sgd_",
    "by-resolve-name": "import pkgutil\n@STEP pkgutil.resolve_name('torch:_VF')._fused_sgd_",
    "by-class-pattern": "match torch:\n    case object(_VF=found):\n        pass\n@STEP found._fused_sgd_",
    "by-builtins": "import builtins\nbuiltins.go = torch._VF._fused_sgd_\n@STEP go",
    "by-setattr-on-builtins": "import builtins\nsetattr(builtins, 'go', torch._VF._fused_sgd_)\n@STEP go",
    "by-setattr-on-torch": "setattr(torch, 'helper', torch._C._VariableFunctions._fused_sgd_)\n@STEP torch.helper",
    "by-update-of-torch": "vars(torch).update(helper=torch._VF._fused_sgd_)\n@STEP torch.helper",
    "by-a-class-of-torch": "torch.Tensor.helper = staticmethod(torch._VF._fused_sgd_)\n@STEP torch.Tensor.helper",
    "by-globals": "globals()['go'] = torch._VF._fused_sgd_\n@STEP go",
    "by-the-shell": "get_ipython().push({'go': torch._VF._fused_sgd_})\n@STEP go",
    "by-dictionary": "kept = {}\nkept['go'] = torch.ops.aten._fused_sgd\n@STEP kept['go']",
    "by-list": "kept = []\nkept.append(torch.ops.aten._fused_sgd)\n@STEP kept[0]",
    "by-default-argument": "def go(*a, found=torch.ops.aten._fused_sgd, **k):\n    return found(*a, **k)\n@STEP go",
    "by-attribute-of-a-function": "def go():\n    pass\ngo.found = torch.ops.aten._fused_sgd\n@STEP go.found",
    "by-helper": "def install():\n    global go\n    go = torch.ops.aten._fused_sgd\ninstall()\n@STEP go",
    "by-helper-that-fills": "def fill(box):\n    box['go'] = torch.ops.aten._fused_sgd\nbox = {}\nfill(box)\n"
    "@STEP box['go']",
    "by-helper-on-torch": "def install():\n    torch.helper = torch.ops.aten._fused_sgd\ninstall()\n@STEP torch.helper",
    "by-script": "unit = torch.jit.CompilationUnit('''def f(p: List[Tensor], g: List[Tensor], lr: float):\n"
    "    m: List[Tensor] = []\n    torch.ops.aten._fused_sgd_(p, g, m, weight_decay=0.0, momentum=0.0, lr=lr,"
    " dampening=0.0, nesterov=False, maximize=False, is_first_step=True)\n    return 0\n''')\n"
    "def go(p, g, m, lr, **k):\n    unit.f(p, g, lr)\n@STEP go",
}

_DOUBTFUL = {
    "by-subclasses": "Descent = next(c for c in torch.optim.Optimizer.__subclasses__() if c.__name__ == 'SGD')",
    "by-garbage-collector": "import gc\nDescent = next(c for c in gc.get_objects() if isinstance(c, type) "
    "and c.__name__ == 'SGD' and c.__module__.startswith('torch'))",
    "by-computed-exec": "text = ''.join(chr(c) for c in (83, 71, 68))\nexec('Descent = torch.optim.' + text)",
    "by-source": "import inspect\nsource = open(torch.__path__[0] + '/optim/sgd.py').read()\n"
    "scope = {'__name__': 'torch.optim.mine', '__package__': 'torch.optim'}\n"
    "exec(compile(source, 'mine', 'exec'), scope)\nDescent = scope['SGD']",
    "by-reload": "import importlib, sys\nmodule = sys.modules['torch.optim' + str('.sgd')]\n"
    "Descent = importlib.reload(module).SGD",
    "by-spec": "import importlib.util\nspec = importlib.util.spec_from_file_location('torch.optim.mine', "
    "torch.__path__[0] + '/optim/sgd.py')\nmodule = importlib.util.module_from_spec(spec)\n"
    "spec.loader.exec_module(module)\nDescent = module.SGD",
    "by-unpickling": "import pickle\nDescent = pickle.loads(b'ctorch.optim\\nSGD\\n.')",
    "by-dir": "Descent = [getattr(torch.optim, n) for n in dir(torch.optim) if n.lower() == 'sgd'][0]",
    "by-parameter": "def pick(module, name):\n    return getattr(module, name)\nDescent = pick(torch.optim, 'SGD')",
    "by-a-function": "def pick(module):\n    return module.SGD\nDescent = pick(torch.optim)",
    "by-internals": "@STEP torch._C._VariableFunctions._fused_sgd_",
    "by-jit-operator": "operator = torch._C._jit_get_operation('aten::_fused_sgd_')[0]\n@STEP operator",
    "by-sys-modules-entry": "import sys\nsys.modules['mine'] = torch._VF\nimport mine\n@STEP mine._fused_sgd_",
    "by-a-loop": "found = torch\nfor part in ('ops', 'aten', '_fused_' + 'sgd'):\n    found = getattr(found, part)\n"
    "@STEP found",
    "by-graph": "import torch.fx\ng = torch.fx.Graph()\nnodes = [g.placeholder(n) for n in 'abc']\nmade = []\n"
    "def go(*a, **k):\n    if not made:\n"
    "        g.output(g.call_function(getattr(torch.ops.aten, ''.join(['_fused', str('_sgd')])), tuple(nodes), k))\n"
    "        made.append(torch.fx.GraphModule({}, g))\n    return made[0](*a)\n@STEP go",
    "by-kernel-object": "found = torch.library.get_kernel('aten::_fused_sgd_', 'CPU')\n"
    "keys = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)\n"
    "def go(*a, **k):\n    found.call_boxed(keys, *a, **k, grad_scale=None, found_inf=None)\n@STEP go",
    "by-restoring-the-kernel": "import gc\ngc.unfreeze()\n"
    "kind = type(torch._C._dispatch_library('IMPL', 'aten', '', 'x', 1))\n"
    "for o in gc.get_objects():\n    for p in [o, *gc.get_referents(o)]:\n        if type(p) is kind:\n            p.reset()\n"
    "@STEP torch.ops.aten._fused_sgd",
    "by-globals-of-a-method": "g = torch.optim.Optimizer.step.__globals__\nimport sys\nDescent = g['torch'].optim.SGD",
    "by-transformer": "get_ipython().input_transformers_post.append(lambda lines: "
    "[l.replace('NOTHING', 'SGD') for l in lines])\nget_ipython().run_cell('Descent = torch.optim.NOTHING')",
}

_KERNEL = """
class Descent(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {'lr': lr})
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            params = [p for p in group['params'] if p.grad is not None]
            grads = [p.grad for p in params]
            kernel = KERNEL
            result = None
            try:
                result = kernel(params, grads, [], weight_decay=0.0, momentum=0.0, lr=group['lr'], dampening=0.0,
                       nesterov=False, maximize=False, is_first_step=True)
            except TypeError:
                kernel(params, grads, [None] * len(params), weight_decay=0.0, momentum=0.0, lr=group['lr'],
                       dampening=0.0, nesterov=False, maximize=False)
            for p, new in zip(params, result[0] if result else ()):
                p.copy_(new)
"""


def _source(text: str) -> str:
    head, mark, kernel = text.partition("@STEP ")
    return head + _KERNEL.replace("KERNEL", kernel).strip() if mark else text


#: If the library's files can be read, these get through, for a person to look at.
_BY_FILE = ("by-source", "by-reload", "by-spec")


def _case(name: str, text: str, **options: Any) -> Case:
    source = textwrap.dedent(_source(text)).strip()
    return Case(
        f"forbidden-{name}", "forbidden", {"Descent": source}, tiers="AB" if name in _BY_FILE else "ABC", **options
    )


CASES = (
    *(_case(n, s) for n, s in _PLAIN.items()),
    *(_case(n, s, proven=True) for n, s in _PROVEN.items()),
    *(_case(n, s, review=True) for n, s in _DOUBTFUL.items()),
)
