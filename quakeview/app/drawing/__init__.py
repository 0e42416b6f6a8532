"""How everything looks: theme, fonts, colours, axes, colour bars, plots and pictures; knows no workspace."""
