"""Sign an audit's verdict and verify what others signed."""
