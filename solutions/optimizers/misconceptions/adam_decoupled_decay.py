"""Your weight decay acts on the parameter directly, outside the averages, as in AdamW."""

HINT = (
    "Here the decay is part of the gradient: g + λ·p enters both averages. Decay outside of them is "
    "AdamW, another algorithm."
)
EDITS = {
    "Adam": [
        [
            ('p.grad + group["weight_decay"] * p', "p.grad"),
            ("BEFORE p.sub_(A_)", 'p.mul_(1 - group["lr"] * group["weight_decay"])'),
        ],
        [
            ('p.grad + group["weight_decay"] * p', "p.grad"),
            ("AFTER p.sub_(A_)", 'p.mul_(1 - group["lr"] * group["weight_decay"])'),
        ],
    ],
}
