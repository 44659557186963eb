"""Users in and out: from files of CSV or JSON Lines, and into them."""
