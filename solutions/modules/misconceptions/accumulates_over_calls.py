"""Your second call with the same inputs gives another answer than the first."""

import torch

HINT = (
    "Something outlives the call: a global list, a default argument that is changed, or an attribute of a class "
    "instead of an object. Make a new one in every call."
)


_names = []


def visit_order(model):
    def visit(module, name):
        for child_name, child in module.named_children():
            visit(child, f"{name}.{child_name}" if name else child_name)
        _names.append(name)

    visit(model, "")
    return list(_names)


_loaded = []


def load_matching(model, state, prefix=""):
    own = model.state_dict()
    ignored = []
    with torch.no_grad():
        for key, value in state.items():
            name = key.removeprefix(prefix)
            if name in own and own[name].shape == value.shape:
                own[name].copy_(value)
                _loaded.append(name)
            else:
                ignored.append(key)
    missing = [name for name in own if name not in _loaded]
    return [name for name in own if name in _loaded], missing, ignored
