"""The API: one file an endpoint, and the schemas that validate its parameters and describe its
answers.
"""
