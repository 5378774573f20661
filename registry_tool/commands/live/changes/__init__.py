"""What is changed through a live registry: judged as a pull request's, and one commit or none."""
