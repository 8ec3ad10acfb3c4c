"""The room's part of the demonstration: one product, two builds, a round of each."""
