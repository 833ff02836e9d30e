"""Estimators, and the frozen results they found."""
