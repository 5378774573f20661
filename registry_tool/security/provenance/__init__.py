"""Who built a package from what: SLSA provenance in Sigstore's bundles (extra `provenance`)."""
