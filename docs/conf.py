"""Sphinx configuration: MyST Markdown, no network."""

project = "Zhiyin 知音"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
html_theme = "alabaster"
html_theme_options = {"description": "Listen, understand, act, prove.", "fixed_sidebar": False}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath", "colon_fence"]
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
