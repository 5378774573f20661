"""Test results as text, JUnit XML and HTML; of several models side by side."""
