"""One chart per file: plot_<name>(result, ax) -> Axes."""
