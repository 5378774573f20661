"""Runs: asked for, admitted, executed, recorded, looked at."""
