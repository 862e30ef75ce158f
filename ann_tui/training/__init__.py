"""The training loop: plan, optimizers, schedules, trainer, control, history and snapshots."""
