"""What people look for, as counts that lead to nobody (docs/adr/0064)."""
