"""The views: ways to look at what a screen shows, one of which stands in its panel; `v` goes on to the next one."""
