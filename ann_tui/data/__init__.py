"""The first floor: from a file to a table, its column kinds, its preparation and float32 matrices."""
