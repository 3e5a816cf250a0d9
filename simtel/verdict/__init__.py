"""Criteria: pure functions of the evidence log that answer with reason, figure, limit and evidence numbers;
they see no device, protocol or socket, and never PASS for want of evidence.
"""
