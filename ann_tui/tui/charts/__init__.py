"""Charts: axes with ticks and labels, lines and marks as characters, and the widget that shows them."""
