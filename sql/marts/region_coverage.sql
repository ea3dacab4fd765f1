-- The share of a region that its figures by occupation cover. A region of metro and nonmetro areas is those areas. In a
-- region of counties, a county is covered when its metro area counts, or outside metro areas when a nonmetro area does.
-- Covered counties are weighted by QCEW jobs in the newest year with figures for every county; where all or none are
-- covered, no jobs are needed.
with

oews_area as (
    select
        member.region_area_id,
        member.area_id,
        member.area_type,
        member.treatment,
        member.share_pct / 100 * total.employment as employment
    from reference.region_member as member
    left join core.occupation_wage as total
        on total.area_id = member.area_id
        and total.occupation_group = 'total'
    where member.area_type in ('metro', 'nonmetro')
),

counted as (
    select
        region_area_id,
        count(*) filter (where treatment = 'whole') as areas_whole,
        count(*) filter (where treatment = 'by_share') as areas_by_share,
        count(*) filter (where treatment = 'left_out') as areas_left_out,
        bool_or(area_type = 'nonmetro' and treatment <> 'left_out') as has_nonmetro,
        case when count(employment) = count(*) then sum(employment) end as oews_employment
    from oews_area
    group by region_area_id
),

county as (
    select
        member.region_area_id,
        member.area_id,
        member.is_listed,
        case
            when area.cbsa_area_id is not null then coalesce(metro.treatment, 'left_out') <> 'left_out'
            else coalesce(counted.has_nonmetro, false)
        end as is_covered
    from reference.region_member as member
    inner join reference.area as area on area.area_id = member.area_id
    left join oews_area as metro
        on metro.region_area_id = member.region_area_id
        and metro.area_id = area.cbsa_area_id
    left join counted on counted.region_area_id = member.region_area_id
    where member.area_type = 'county'
),

newest as (
    select region_area_id, max(year) as year
    from core.region_county
    where is_whole_region
    group by region_area_id
),

counties as (
    select
        county.region_area_id,
        bool_or(county.is_listed) as is_of_counties,
        count(*) as counties,
        count(*) filter (where county.is_covered) as counties_covered,
        max(newest.year) as qcew_year,
        case when count(figure.employment) = count(*) then sum(figure.employment) end as qcew_employment,
        case when count(figure.employment) = count(*)
             then coalesce(sum(figure.employment) filter (where county.is_covered), 0) end as qcew_employment_covered
    from county
    left join newest on newest.region_area_id = county.region_area_id
    left join core.region_county as figure
        on figure.region_area_id = county.region_area_id
        and figure.area_id = county.area_id
        and figure.year = newest.year
    group by county.region_area_id
),

judged as (
    select
        area.area_id,
        coalesce(counties.counties, 0) as counties,
        coalesce(counties.counties_covered, 0) as counties_covered,
        coalesce(counted.areas_whole, 0) as areas_whole,
        coalesce(counted.areas_by_share, 0) as areas_by_share,
        coalesce(counted.areas_left_out, 0) as areas_left_out,
        counted.oews_employment,
        counties.qcew_year,
        counties.qcew_employment,
        counties.qcew_employment_covered,
        case
            when coalesce(counted.areas_whole + counted.areas_by_share, 0) = 0 then 'no_areas'
            when not coalesce(counties.is_of_counties, false) then 'areas_are_the_region'
            when counties.counties_covered = counties.counties then 'every_county'
            when counties.counties_covered = 0 then 'no_county'
            when counties.qcew_employment is null then 'not_in_vintage'
            else 'jobs_of_counties'
        end as coverage_method
    from reference.area as area
    left join counted on counted.region_area_id = area.area_id
    left join counties on counties.region_area_id = area.area_id
    where area.area_type = 'region'
)

select
    area_id,
    counties,
    counties_covered,
    areas_whole,
    areas_by_share,
    areas_left_out,
    round(oews_employment, 3) as oews_employment,
    qcew_year,
    qcew_employment,
    qcew_employment_covered,
    case
        when coverage_method in ('no_areas', 'no_county') then 0.0
        when coverage_method in ('areas_are_the_region', 'every_county') then 100.0
        else round(100.0 * qcew_employment_covered / nullif(qcew_employment, 0), 6)
    end as region_coverage_pct,
    coverage_method
from judged
order by area_id
