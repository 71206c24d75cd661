"""The commands that are no stage: each makes plain data which `cli` prints."""
