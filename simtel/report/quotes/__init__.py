"""What is said of quotes: tables for a terminal, and JSON."""
