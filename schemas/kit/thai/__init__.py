"""Thai as offices write it: text, digits, numbers, dates, and the words around tables."""
