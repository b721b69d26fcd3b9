"""Servers in processes of their own, for tests and benchmarks."""
