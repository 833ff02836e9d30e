"""Charts: one file each, `plot_<name>(…, ax) -> Axes`; compute first, then draw."""
