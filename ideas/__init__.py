"""The room of idea contests: call, ideas, screening, vote, jury, result and follow-through."""
