"""What the benchmarks share: clocks, rounds, made images, a small registry, and the page of figures."""
