"""Spreadsheets in: what a vendor's sheet says, cell by cell, as a quote file.

`sheet` is the plain form that every kind of file is brought to. `container` says what kind of file it is and bounds
what may be unpacked; `survey` looks a worksheet over before any of it is kept; `workbook` reads .xlsx, `text_table`
.csv. `figures` reads one cell as a figure, `headings` finds the rows of headings and what each column holds, `rows`
says what each row is, `private` which texts name a person, and `draft` is what came of it.
"""
