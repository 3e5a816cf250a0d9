"""What is given, as files: hardware, sites, benches and demand, each figure with basis and source; no
behaviour and no prices.
"""
