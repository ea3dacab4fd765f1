-- The largest programs of each state that lead mostly to occupations that are nontraditional for women, or for men.
with program as (
    select
        *,
        case
            when nontraditional_for_women_pct > 50 then 'women'
            when nontraditional_for_men_pct > 50 then 'men'
        end as nontraditional_for
    from marts.program_alignment
    where area_id in (select unnest($areas)) and policy = $policy
)

select *
from program
where nontraditional_for is not null
qualify
    row_number() over (partition by area_id, nontraditional_for order by awards desc, cip_code, award_group) <= $most
order by area_id, nontraditional_for, awards desc, cip_code, award_group
