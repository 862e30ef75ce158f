"""Step 4 of a PyTorch script: the loop over epochs and batches, written out as the plan asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ann_tui.export.export_error import ExportError
from ann_tui.export.fit_pieces import (
    FIT_DOC,
    NOTHING_JUDGES,
    best_begun,
    best_lines,
    fit_calls,
    optimizer_call,
)
from ann_tui.export.network_functions import network_call
from ann_tui.export.schedule_code import rate_factor
from ann_tui.export.torch_functions import OPTIMIZERS, REFUSED_OPTIMIZERS, SCHEDULES, USUAL
from ann_tui.export.torch_layers import Module
from ann_tui.network.layers.dense import Dense
from ann_tui.network.layers.residual import Residual
from ann_tui.network.linear_start import passed_share

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep
    from ann_tui.training.plan import TrainingPlan

BATCHES = '''def batches(rows, size):
    """Random batches; a rest too small to stand for the rows joins the batch before it."""
    found = list(torch.randperm(rows).split(size))
    if len(found) > 1 and (len(found[-1]) == 1 or 2 * len(found[-1]) < size):
        found[-2:] = [torch.cat(found[-2:])]
    return found
'''


def fit_code(facts: Facts, step: FirstStep, found: list[Module]) -> str:
    """`fit(x, y, epochs, held_out)`, its calls, and `answers(x)`. Raises ExportError for what can't be written."""
    kept = "model" if facts.plan.average == "none" else "kept"
    judge = _judge(facts, kept)
    held = ", held_out=None" if "held_out" in judge else ""
    restore = f"if best is not None:\n    {kept}.load_state_dict(best)\n" if judge else ""
    body = "\n".join(
        [
            _begin(facts, found),
            best_begun(facts.plan) if judge else "best_epoch = epochs",
            "for epoch in range(1, epochs + 1):",
            _indented(_epoch(facts)),
            _indented(judge),
            f"{restore}return {kept}.eval(), best_epoch",
        ]
    )
    pieces = [BATCHES] if facts.mixes_rows else []
    if facts.begins_linear:
        pieces.append(_linear_start(facts, step))
    pieces.append(f"def fit(x, y, epochs{held}):\n    {FIT_DOC}\n{_indented(body)}\n")
    calls = fit_calls(facts, "(x_valid, y_valid)" if held and facts.validation else "", "torch.cat")
    z = "joint(model(x))" if facts.design.members > 1 else "model(x)"
    doc = '"""What the network says of prepared rows."""'
    answers = (
        f"def answers(x):\n    {doc}\n    with torch.no_grad():\n"
        "        x = torch.as_tensor(x, dtype=torch.float32)\n"
        f"        return answer({z}).numpy()\n"
    )
    return "\n\n".join([*pieces, calls, "", answers])


def _indented(text: str) -> str:
    return "\n".join("    " + line if line else line for line in text.strip("\n").split("\n") if line)


def _begin(facts: Facts, found: list[Module]) -> str:
    """All that stands before the first epoch."""
    plan, members = facts.plan, facts.design.members
    lines = ["torch.manual_seed(SEED)", f"model = {network_call(members)}"]
    each, loop = ("    each", ["for each in model.networks:"]) if members > 1 else ("model", [])
    inside = []
    if facts.cost == "poisson":
        pad, name = ("    ", "each") if members > 1 else ("", "model")
        inside.append(f"{pad}nn.init.constant_({name}[-1].bias, math.log(y.mean()))")
    if facts.begins_linear:
        inside.append(
            "    begin_as_linear_model(each, x, y)" if members > 1 else "begin_as_linear_model(model, x, y)"
        )
    if plan.frozen_layers:
        names = list(dict.fromkeys(module.layer for module in found))[: plan.frozen_layers]
        count = sum(module.layer in names for module in found)
        inside.append(f"{each}[:{count}].requires_grad_(False)  # frozen layers keep their weights")
    lines += [*loop, *inside] if inside else []
    if facts.decay or plan.l1 or plan.l2 or plan.max_norm is not None:
        lines.append("weights = [each for each in model.parameters() if each.ndim == 2]")
    if plan.optimizer == "adamw":
        lines += [
            "others = [each for each in model.parameters() if each.ndim < 2]",
            f'groups = [{{"params": weights, "weight_decay": {facts.decay}}}, '
            '{"params": others, "weight_decay": 0.0}]',
        ]
    optimizer = optimizer_code(facts)
    if not facts.searches:
        lines.append(f"optimizer = {optimizer}")
        if rate_factor(plan):
            batch = facts.batch or "len(x)"
            own = "LambdaLR(optimizer, lambda at: rate_factor(at / steps))"
            lines += [
                f"steps = {plan.epochs} * math.ceil(len(x) / {batch})",
                f"schedule = torch.optim.lr_scheduler.{own if writes_rate(plan) else SCHEDULES[plan.schedule]}",
            ]
        elif plan.schedule == "plateau":
            patience = plan.plateau_patience - 1
            lines.append(
                "schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(\n"
                f"    optimizer, factor=0.5, patience={patience}, threshold={plan.smallest_change}, "
                'threshold_mode="abs"\n)'
            )
    if plan.average == "ema":
        lines.append("kept = AveragedModel(model, avg_fn=follow)")
    elif plan.average == "swa":
        lines.append("kept = AveragedModel(model)")
    return "\n".join(lines)


def writes_rate(plan: TrainingPlan) -> bool:
    """Whether the learning rate follows `rate_factor`, rather than a schedule of PyTorch's own."""
    return bool(rate_factor(plan)) and (plan.schedule not in SCHEDULES or bool(plan.warm_up))


def optimizer_code(facts: Facts) -> str:
    """The optimizer, which knows `model` and `groups`. Raises ExportError for one that can't be written."""
    plan = facts.plan
    if plan.optimizer not in OPTIMIZERS:
        why = REFUSED_OPTIMIZERS.get(plan.optimizer, "PyTorch has none of that name")
        raise ExportError(f"optimizer {plan.optimizer!r} can't be written for PyTorch: {why}")
    return optimizer_call(plan, OPTIMIZERS, USUAL.get(plan.optimizer, ()))


def _epoch(facts: Facts) -> str:
    """The batches of one epoch."""
    plan, members = facts.plan, facts.design.members
    loss = "cost(model(x[rows]), y[rows]).mean()"
    if members > 1:
        loss = "sum(cost(z, y[rows]).mean() for z in model(x[rows]))"
    penalties = []
    if plan.l1:
        penalties.append(f"{plan.l1} * sum(each.abs().sum() for each in weights)")
    if plan.l2:
        penalties.append(f"{plan.l2} / 2 * sum((each**2).sum() for each in weights)")
    size = facts.batch or "len(x)"
    rows = f"batches(len(x), {size})" if facts.mixes_rows else f"torch.randperm(len(x)).split({size})"
    gradient = ["optimizer.zero_grad()", f"loss = {loss}"]
    gradient += [f"loss = loss + {each}" for each in penalties] + ["loss.backward()"]
    steps: list[str] = []
    if facts.searches:
        steps += ["def closure():", *("    " + line for line in gradient), "    return loss"]
        steps += [f"optimizer = {optimizer_code(facts)}", "optimizer.step(closure)"]
    else:
        steps += gradient
        if plan.clip_value is not None:
            steps.append(f"nn.utils.clip_grad_value_(model.parameters(), {plan.clip_value})")
        if plan.clip_norm is not None:
            pad, name = ("    ", "each") if members > 1 else ("", "model")
            steps += ["for each in model.networks:"] if members > 1 else []
            steps.append(f"{pad}nn.utils.clip_grad_norm_({name}.parameters(), {plan.clip_norm})")
        if facts.decay and plan.optimizer != "adamw":
            steps += [
                "with torch.no_grad():  # weight decay, apart from the gradient",
                "    for each in weights:",
                "        if each.requires_grad:" if plan.frozen_layers else "",
                ("    " if plan.frozen_layers else "")
                + f'        each.mul_(1 - optimizer.param_groups[0]["lr"] * {facts.decay})',
            ]
        steps.append("optimizer.step()")
        if rate_factor(plan):
            steps.append("schedule.step()")
    if plan.max_norm is not None:
        steps += [
            "with torch.no_grad():  # the weights of a unit are no longer than this",
            "    for each in weights:",
            f"        each.copy_(torch.renorm(each, 2, 0, {plan.max_norm}))",
        ]
    if plan.average == "ema":
        steps.append("kept.update_parameters(model)")
    lines = ["model.train()", f"for rows in {rows}:", *("    " + line for line in steps if line)]
    if plan.average == "swa":
        lines += [
            f"if epoch <= {int(0.75 * plan.epochs) + 1}:",
            "    kept = AveragedModel(model)  # the newest weights, until the last quarter",
            "kept.update_parameters(model)",
        ]
    return "\n".join(lines)


FOLLOW = '''def follow(mean, new, count):
    """The running mean of the weights, in which older ones fade out; it follows faster while it is young."""
    return mean + (1 - min({decay}, (count + 1) / (count + 10))) * (new - mean)
'''


def _judge(facts: Facts, kept: str) -> str:
    """After an epoch: is it the best so far, and has there been enough? "" where the newest weights are kept."""
    plan = facts.plan
    if plan.monitor == "newest":
        return ""
    held = plan.monitor.startswith("validation") and facts.validation
    x, y = ("held_out[0]", "held_out[1]") if held else ("x", "y")
    z = f"joint({kept}({x}))" if facts.design.members > 1 else f"{kept}({x})"
    if plan.monitor.endswith("cost"):
        value = f"cost({z}, {y}).mean().item()"
    elif facts.outputs.kind == "number":
        value = f"((answer({z}) - {y}) ** 2).mean().item()"
    else:
        value = f"-(answer({z}).argmax(dim=1) == {y}).float().mean().item()"
    lines: list[str] = []
    if held or facts.refits:
        lines += NOTHING_JUDGES
    lines += [
        f"{kept}.eval()",
        "with torch.no_grad():",
        f"    value = {value}",
        *(["schedule.step(value)"] if plan.schedule == "plateau" and not facts.searches else []),
        *best_lines(plan, f"copy.deepcopy({kept}.state_dict())"),
    ]
    return "\n".join(lines)


def _linear_start(facts: Facts, step: FirstStep) -> str:
    """`begin_as_linear_model(network, x, y)`, for layers that pass lines on."""
    hidden = [layer for layer in facts.layers[:-1] if isinstance(layer, Dense)]
    shares = [passed_share(layer.activation_name) or 1.0 for layer in hidden]
    plain = all(share == 1.0 for share in shares)
    residual = any(isinstance(layer, Residual) for layer in facts.layers)
    features = "inputs - bins" if step.bins else "inputs"
    lines = [
        '"""Let a fresh network answer like the linear model of its rows, which it then leaves.',
        "",
        "Two units pass a line on whole, as relu(z) - relu(-z) = z; the others stay random, and are not heard yet.",
        '"""',
        f"line = nn.Linear({features}, {facts.outputs.units})",
        "nn.init.zeros_(line.weight)",
        "nn.init.constant_(line.bias, math.log(y.mean()))"
        if facts.cost == "poisson"
        else "nn.init.zeros_(line.bias)",
        'search = torch.optim.LBFGS(line.parameters(), max_iter=400, line_search_fn="strong_wolfe")',
        "",
        "def closure():",
        "    search.zero_grad()",
        f"    loss = cost(line(x[:, : {features}]), y).mean() + (line.weight**2).sum() / (2 * len(x))",
        "    loss.backward()",
        "    return loss",
        "",
        "search.step(closure)",
        "with torch.no_grad():",
        "    taken, shift, lines = line.weight, line.bias, torch.arange(len(line.bias))",
    ]
    if residual:
        lines += [
            "    for block in (each for each in network if isinstance(each, Residual)):",
            "        nn.init.zeros_(block.layers[-1].weight)",
        ]
    lines.append("    *hidden, last = (each for each in network if isinstance(each, nn.Linear))")
    over = "for layer in hidden" if plain else f"for layer, share in zip(hidden, {shares})"
    one = "1" if plain else "1 / share"
    lines += [
        f"    {over}:",
        "        layer.weight[: 2 * len(lines)] = 0",
        "        layer.weight[2 * lines, : taken.shape[1]], layer.bias[2 * lines] = taken, shift",
        "        layer.weight[2 * lines + 1, : taken.shape[1]], layer.bias[2 * lines + 1] = -taken, -shift",
        "        taken, shift = torch.zeros(len(lines), 2 * len(lines)), torch.zeros(len(lines))",
        f"        taken[lines, 2 * lines], taken[lines, 2 * lines + 1] = {one}, -{one}",
        "    last.weight.zero_()",
        "    last.weight[:, : taken.shape[1]] = taken",
        "    last.bias.copy_(shift)",
    ]
    body = "\n".join("    " + line if line else line for line in lines)
    return f"def begin_as_linear_model(network, x, y):\n{body}\n"
