"""The parts of the report, each made of what an audit was given and what the rows came to."""
