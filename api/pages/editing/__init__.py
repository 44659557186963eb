"""Forms of what is stored: made from it, taken, and brought together with the changes of somebody else."""
