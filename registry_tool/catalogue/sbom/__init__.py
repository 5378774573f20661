"""What a version is made of and asks, as CycloneDX 1.6: https://cyclonedx.org/docs/1.6/json/."""
