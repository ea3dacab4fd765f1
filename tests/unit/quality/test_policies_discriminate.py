"""The check of what policies list names each policy that lists too much or too little, and its share."""

import duckdb

from pipelines.quality.reconciliation import reconciliations

#: Policy, area, occupation and whether it is listed; an occupation of 90 jobs and one of 10 in each area.
Flag = tuple[str, str, str, str | None]
ALL, LITTLE = "11-1011", "11-1021"


def _found(flags: list[Flag], combine: dict[str, str]) -> list[tuple[str, ...]]:
    (check,) = (check for check in reconciliations() if check.name == "policies_discriminate")
    with duckdb.connect() as connection:
        for schema in ("marts", "reference"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table reference.area as select unnest(['OH', 'OR', 'US']) as area_id, "
            "unnest(['state', 'state', 'national']) as area_type"
        )
        connection.execute(
            "create table marts.occupation_indicators as select area_id, soc_code, employment from reference.area, "
            f"(values ('{ALL}', 90), ('{LITTLE}', 10)) as jobs(soc_code, employment)"
        )
        connection.execute(
            "create table reference.method_parameter as select * from "
            "(values ('policy_min_share_pct', 10), ('policy_max_share_pct', 40)) as given(parameter, value)"
        )
        connection.execute("create table reference.policy (policy varchar, combine varchar)")
        connection.executemany("insert into reference.policy values (?, ?)", [*combine.items()])
        columns = ("policy", "area_id", "soc_code", "listed", "high_skill", "high_wage", "in_demand")
        connection.execute(f"create table marts.occupation_flag ({', '.join(f'{name} varchar' for name in columns)})")
        # a policy whose flags stand separate has one flag here
        given = [
            (*flag[:3], *((None, flag[3]) if combine[flag[0]] == "separate" else (flag[3], None))) for flag in flags
        ]
        connection.executemany("insert into marts.occupation_flag values (?, ?, ?, ?, null, ?, null)", given)
        return connection.sql(check.sql).fetchall()


def test_each_policy_is_named_with_its_share_and_place() -> None:
    flags: list[Flag] = [
        ("fits", "OH", ALL, "false"), ("fits", "OH", LITTLE, "true"),
        ("much", "OH", ALL, "true"), ("much", "OH", LITTLE, "unknown"),
        ("none", "OH", ALL, "false"), ("none", "OH", LITTLE, "false"),
        ("none", "US", ALL, "true"), ("none", "US", LITTLE, "false"),
        ("separate", "OR", ALL, "true"), ("separate", "OR", LITTLE, "true"),
        ("never", "OH", ALL, "false"), ("never", "OH", LITTLE, "false"),
        ("never", "OR", ALL, "false"), ("never", "OR", LITTLE, "false"),
    ]  # fmt: skip
    combine = {"fits": "all", "much": "any", "none": "any", "separate": "separate", "never": "all"}
    assert _found(flags, combine) == [
        (
            "much 90.0 % in OH (unknown: up to 10.0 %), never 0.0 % in 2 places, none 0.0 to 90.0 % in 2 places, "
            "separate 100.0 % in OR",
        )
    ]


def test_policies_that_choose_are_no_finding() -> None:
    assert _found([("fits", "OH", ALL, "false"), ("fits", "OH", LITTLE, "true")], {"fits": "all"}) == []


def test_a_failed_check_is_told_by_what_was_found_not_by_its_rule() -> None:
    (check,) = (check for check in reconciliations() if check.name == "policies_discriminate")
    told = check.failed(1, "jobs_listed=much 90.0 % in OH").told
    assert told.startswith(
        "marts.occupation_flag policies_discriminate: found jobs_listed=much 90.0 % in OH; expected: 10"
    )
