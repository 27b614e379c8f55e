"""What judges, checks, samples and measures: tools that nothing which serves or feeds imports."""
