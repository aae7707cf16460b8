"""Development tools of this repository: lints, generated documentation, translations. Not shipped."""
