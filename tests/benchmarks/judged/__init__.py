"""The judged collection: postmortems by subject, and what people ask of them with graded answers."""
