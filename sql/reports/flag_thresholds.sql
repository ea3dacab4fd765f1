-- What a policy compares occupations with in each area: one row per flag, measure and threshold.
-- `threshold` is text for high_skill (BLS's words), else a figure; `soc_code` is an occupation that has the threshold.
with threshold as (
    unpivot (
        select
            area_id,
            policy,
            soc_code,
            {'measure': high_skill_measure, 'text': high_skill_threshold, 'figure': null::double} as high_skill,
            {'measure': high_wage_measure, 'text': null::varchar, 'figure': high_wage_threshold} as high_wage,
            {'measure': in_demand_measure, 'text': null::varchar, 'figure': in_demand_threshold} as in_demand
        from marts.occupation_flag
        where area_id in (select unnest($areas)) and policy = $policy
    )
    on high_skill, high_wage, in_demand
    into name flag value compared
)

select
    area_id,
    policy,
    flag,
    compared.measure as measure,
    compared.text as text,
    compared.figure as figure,
    min(soc_code) as soc_code
from threshold
where compared.text is not null or compared.figure is not null
group by all
order by area_id, flag, measure, figure, text
