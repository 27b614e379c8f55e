"""The commands of `discovery`, one module each."""
