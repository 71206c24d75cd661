"""How a form is said: kinds of value, columns, rules, the calendar, Thai text."""
