"""You put a new layer behind the old head, which stays."""

HINT = "The new head takes what the old one took, and the old one goes."
EDITS = {
    "replace_head": [
        [
            ("setattr(A_, last, new)", ""),
            ("return model", "return nn.Sequential(model, nn.Linear(old.out_features, num_classes).to(old.weight))"),
        ],
        [
            (
                "setattr(A_, last, new)",
                "model.add_module('head', nn.Linear(old.out_features, num_classes).to(old.weight))",
            )
        ],
        [("setattr(A_, last, new)", "model.append(nn.Linear(old.out_features, num_classes).to(old.weight))")],
    ],
}
