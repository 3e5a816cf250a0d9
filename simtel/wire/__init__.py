"""Transports: bytes in and out of UDP, TCP, pty, serial and pcap, with their time stamps; no policy and no
device.
"""
