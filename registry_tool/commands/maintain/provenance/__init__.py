"""`registry-tool provenance`: attestations of packages, made by a job and kept on a branch."""
