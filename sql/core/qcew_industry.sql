-- Industries of each QCEW year with their parent and, from sectors down, their home. An industry lies wholly in a
-- cluster (or sub-cluster) when all its finest codes do. The shallowest such industries, the frontier, add up to the
-- cluster and count no job twice.
with

-- trim() changes no code: without it DuckDB 2.0 groups by the file's dictionary of codes and fails once in twenty runs
code as (
    select year, trim(naics_code) as naics_code, max(depth) as depth
    from raw.qcew
    group by year, trim(naics_code)
),

sector as (
    select
        *,
        case
            when depth <= 3 then naics_code
            when left(naics_code, 2) in ('31', '32', '33') then '31-33'
            when left(naics_code, 2) in ('44', '45') then '44-45'
            when left(naics_code, 2) in ('48', '49') then '48-49'
            else left(naics_code, 2)
        end as sector_code
    from code
),

placed as (
    select
        *,
        case
            when depth = 0 then cast(null as varchar)
            when depth = 1 then '10'
            when depth = 2 then left(naics_code, 3)
            when depth = 3 and sector_code in ('11', '21') then '1011'
            when depth = 3 and sector_code = '23' then '1012'
            when depth = 3 and sector_code = '31-33' then '1013'
            when depth = 3 and sector_code in ('22', '42', '44-45', '48-49') then '1021'
            when depth = 3 and sector_code = '51' then '1022'
            when depth = 3 and sector_code in ('52', '53') then '1023'
            when depth = 3 and sector_code in ('54', '55', '56') then '1024'
            when depth = 3 and sector_code in ('61', '62') then '1025'
            when depth = 3 and sector_code in ('71', '72') then '1026'
            when depth = 3 and sector_code = '81' then '1027'
            when depth = 3 and sector_code = '92' then '1028'
            when depth = 3 then '1029'
            when depth = 4 then sector_code
            else left(naics_code, length(naics_code) - 1)
        end as parent_code
    from sector
),

-- each finest code under every code above it, from its sector down to itself
below as (
    select
        home.year,
        unnest([
            home.sector_code,
            left(home.naics_code, 3),
            left(home.naics_code, 4),
            left(home.naics_code, 5),
            home.naics_code
        ]) as naics_code,
        home.cluster_id,
        home.sub_cluster_id
    from core.industry_home as home
    inner join placed
        on placed.year = home.year
        and placed.naics_code = home.naics_code
        and placed.depth = 7
),

span as (
    select
        year,
        naics_code,
        min(cluster_id) as cluster_id,
        min(sub_cluster_id) as sub_cluster_id,
        min(cluster_id) = max(cluster_id) as is_one_cluster,
        min(cluster_id) = max(cluster_id) and min(sub_cluster_id) = max(sub_cluster_id) as is_one_sub_cluster
    from below
    group by year, naics_code
)

select
    placed.year,
    placed.naics_code,
    placed.depth,
    placed.parent_code,
    case when span.is_one_cluster then span.cluster_id end as cluster_id,
    case when span.is_one_sub_cluster then span.sub_cluster_id end as sub_cluster_id,
    coalesce(span.is_one_cluster and not coalesce(parent.is_one_cluster, false), false) as is_cluster_frontier,
    coalesce(span.is_one_sub_cluster and not coalesce(parent.is_one_sub_cluster, false), false)
        as is_sub_cluster_frontier
from placed
left join span on span.year = placed.year and span.naics_code = placed.naics_code
left join span as parent on parent.year = placed.year and parent.naics_code = placed.parent_code
order by placed.year, placed.naics_code
