-- The memberships in use are those of the publisher's newest workbook. Each difference is listed as added, removed
-- or moved.
-- table: reference.soc_sub_cluster
-- severity: warn
-- expected: no membership differs from the downloaded workbook
with

in_use as (
    select soc_code, sub_cluster_id
    from reference.soc_sub_cluster
    where membership_source = 'listed'
),

compared as (
    select
        coalesce(downloaded.soc_code, carried.soc_code) as soc_code,
        coalesce(downloaded.sub_cluster_id, carried.sub_cluster_id) as sub_cluster_id,
        carried.soc_code is null as is_added,
        downloaded.soc_code is null as is_removed
    from raw.career_cluster_membership as downloaded
    full join in_use as carried
        on carried.soc_code = downloaded.soc_code
        and carried.sub_cluster_id = downloaded.sub_cluster_id
),

occupation as (
    select soc_code, max(is_added) as any_added, max(is_removed) as any_removed
    from compared
    group by soc_code
)

select
    compared.soc_code,
    compared.sub_cluster_id,
    case
        when occupation.any_added and occupation.any_removed and compared.is_added then 'moved to'
        when occupation.any_added and occupation.any_removed then 'moved from'
        when compared.is_added then 'added'
        else 'removed'
    end as change
from compared
inner join occupation on occupation.soc_code = compared.soc_code
where compared.is_added or compared.is_removed
order by compared.soc_code, change, compared.sub_cluster_id
