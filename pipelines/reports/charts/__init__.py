"""What the charts of all sections share: style, panels and SVG. Each chart is in the module of its section."""
