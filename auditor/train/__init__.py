"""The reference student step: distill behind the gate, and trace a student back to its rows."""
