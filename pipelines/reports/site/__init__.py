"""A release as a website of plain files: reports, pages of clusters, comparison, catalogue, methodology, downloads.

It works from a folder and under any address. Figures are those of reports and exports, nothing is computed here.
"""
