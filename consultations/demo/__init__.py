"""The demonstration: a town's worth of consultations, loaded once, taken away by one command."""
