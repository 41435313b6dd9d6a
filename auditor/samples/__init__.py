"""Read training rows from files and folders, and recognize their shapes and claims."""
