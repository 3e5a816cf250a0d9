"""Black-box stimulus and observation of emulated or real equipment over the wire; imports no device,
emulator or call-centre rule, and writes to a real device only when explicitly allowed.
"""
