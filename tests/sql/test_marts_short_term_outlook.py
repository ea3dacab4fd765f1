def test_the_lists_are_published_as_they_are(run_sql):
    row = {
        "area_id": "OH",
        "soc_code": "27-2011",
        "title": "Actors",
        "base_jobs": 1000,
        "projected_jobs": 1050,
        "change_jobs": 50,
        "growth_pct": 5.0,
        "annual_openings": 130,
        "base_year": 2024,
        "projected_year": 2026,
        "status": "ok",
    }
    (found,) = run_sql("marts.short_term_outlook", {"raw.projections_short": [row]}).to_dicts()
    assert found == {("occupation_name" if name == "title" else name): value for name, value in row.items()}
