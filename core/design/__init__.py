"""The look of every page: base template, components, forms and the compiled stylesheet."""
