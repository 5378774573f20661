"""The product's own documentation as pages: `docs/`, its translations, and one page for every rule."""
