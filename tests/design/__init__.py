"""Tests of the design system: markup, forms, charts, words and the stylesheet."""
