"""What was agreed on, across all postmortems: the list, what is overdue, what has come back since."""
