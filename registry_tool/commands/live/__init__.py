"""What a live registry shows and does: the same registry as everywhere, looked at while its branch moves."""
