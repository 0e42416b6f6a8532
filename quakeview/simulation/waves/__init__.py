"""The equations of motion on a staggered grid: O(2,4) velocity-stress with free surface, CPML and constant Q."""
