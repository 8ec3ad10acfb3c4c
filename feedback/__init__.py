"""What goes to the owning bureau. Empty until the answers issue builds it."""
