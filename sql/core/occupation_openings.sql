-- Openings of every occupation in the nation and the states, and those that awards are shared by: the state's own, or
-- the nation's, scaled to the state, where the state has none that can be used.
with

figure as (
    select
        projection.area_id,
        member.soc_code,
        sum(member.member_share * projection.annual_openings) as annual_openings
    from core.occupation_projection as projection
    inner join core.projection_member as member on member.nem_code = projection.nem_code
    where projection.status = 'ok'
        and projection.openings_status = 'ok'
        and projection.occupation_group = 'detailed'
    group by projection.area_id, member.soc_code
),

area as (
    select distinct scheme.area_id
    from core.area_group_scheme as scheme
    inner join reference.area as area on area.area_id = scheme.area_id
    where area.area_type in ('national', 'state')
),

nation as (
    select soc_code, annual_openings
    from figure
    where area_id = 'US'
),

-- what an area has of the openings of the occupations that it shares with the nation
scale as (
    select figure.area_id, sum(figure.annual_openings) / nullif(sum(nation.annual_openings), 0) as scale_factor
    from figure
    inner join nation on nation.soc_code = figure.soc_code
    group by figure.area_id
)

select
    area.area_id,
    nation.soc_code,
    round(figure.annual_openings, 6) as annual_openings,
    round(coalesce(figure.annual_openings, nation.annual_openings * coalesce(scale.scale_factor, 1)), 6)
        as share_openings,
    case when figure.annual_openings is null then 'nation' else 'area' end as openings_from
from area
cross join nation
left join figure
    on figure.area_id = area.area_id
    and figure.soc_code = nation.soc_code
left join scale on scale.area_id = area.area_id
order by area.area_id, nation.soc_code
