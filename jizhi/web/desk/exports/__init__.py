"""What leaves the desk as a file: workbooks and prints, one module per noun. Nothing is decided here."""
