"""Idea contests. Empty until the contests issue builds it on the ground."""
