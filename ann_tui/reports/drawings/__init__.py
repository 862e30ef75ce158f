"""Pictures for a page, as SVG in words: they take the page's colours, and hold no script and no address."""
