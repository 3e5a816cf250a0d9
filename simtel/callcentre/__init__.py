"""The rules of a call centre: ACD and skill groups, agents, IVR, campaigns, licences, call records,
recording and work orders; no protocol bytes and no clock.
"""
