"""The tables of one state for people who work in spreadsheets and scripts: CSV, Parquet and one workbook.

Figures are the release's, row for row; names are put beside codes. What columns mean comes from the contracts.
"""
