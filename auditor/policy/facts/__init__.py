"""What is true of a model, a license or a base under a plan: facts, before any rule is asked."""
