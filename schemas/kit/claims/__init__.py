"""What texts claim of figures: the patterns they use, what is extracted, how it compares."""
