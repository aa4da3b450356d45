"""Whether the trade-off was broken, and how far providers are from their frontier."""
