LISTED = [
    {"soc_code": code, "cluster_id": cluster, "sub_cluster_id": sub_cluster}
    for code in ("15-1255", "17-3023", "15-2021")
    for cluster, sub_cluster in (("arts", "design"), ("digital", "web"), ("digital", "software"))
]


def test_each_sub_cluster_has_what_the_definition_says_of_it(run_sql):
    decided = [
        ("15-1255", "function", "design=0.4;web=0.6"),
        ("17-3023", "industries", "design;web"),
        ("15-2021", "industries", None),
    ]
    result = run_sql(
        "reference.soc_function",
        {
            "seed.soc_function": [
                {"soc_code": code, "decision": decision, "weights": weights, "reason": f"Why {code}."}
                for code, decision, weights in decided
            ],
            "reference.soc_sub_cluster": LISTED,
        },
    )
    assert result.drop("cluster_id").rows() == [
        ("15-1255", "design", "function", 0.4, "Why 15-1255."),
        ("15-1255", "software", "function", 0.0, "Why 15-1255."),
        ("15-1255", "web", "function", 0.6, "Why 15-1255."),
        # industries decide about all, or about those named
        ("15-2021", "design", "industries", None, "Why 15-2021."),
        ("15-2021", "software", "industries", None, "Why 15-2021."),
        ("15-2021", "web", "industries", None, "Why 15-2021."),
        ("17-3023", "design", "industries", None, "Why 17-3023."),
        ("17-3023", "software", "industries", 0.0, "Why 17-3023."),
        ("17-3023", "web", "industries", None, "Why 17-3023."),
    ]
