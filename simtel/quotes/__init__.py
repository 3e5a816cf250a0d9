"""Quotes of vendors: what an option buys, leaves out and costs; a quote is a site that can be run.

A quote file says what is printed, line by line, how well each figure can be read, and in which ways the whole can be
meant. Its sums are checked, what is not clear is asked, and each way of meaning it becomes a site. Amounts are exact.
"""
