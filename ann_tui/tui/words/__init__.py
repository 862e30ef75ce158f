"""The words of each screen: what they mean, and what they are here."""
