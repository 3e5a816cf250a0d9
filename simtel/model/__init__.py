"""The SimPy calendar of the `virtual` target: delivers messages after delay, loss or failure, wakes
deadlines and runs repair crews; no rule of a device.
"""
