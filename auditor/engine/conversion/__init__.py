"""A conversion of a data set held against its source: which rows came through, and which claims did not."""
