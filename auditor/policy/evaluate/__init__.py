"""From facts to a decision: rules asked, versions and missing facts joined, findings grouped."""
