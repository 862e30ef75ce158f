"""What single cells are and mean: numbers, dates, missing marks, kinds, rules; and the table that holds them."""
