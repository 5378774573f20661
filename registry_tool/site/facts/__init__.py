"""What a version's page shows, as plain values: no template, no disk, no clock, no language."""
