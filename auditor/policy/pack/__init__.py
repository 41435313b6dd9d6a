"""A pack as it is written: schema, conditions in CEL, the variables they may name, includes, overrides."""
