"""One queue, decisions with reasons, reports; knows targets only by registration."""
