"""The fair-use sheet and the provisions that its questions rest on."""
