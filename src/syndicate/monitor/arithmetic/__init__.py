"""Figures that contradict each other. Every module finds one sort of contradiction and says what would fit."""
