-- The sub-clusters that Advance CTE lists each program under, and whether an occupation that it leads to is in them.
with

reached as (
    select distinct link.cip_code, membership.sub_cluster_id
    from reference.cip_soc as link
    inner join reference.soc_sub_cluster as membership on membership.soc_code = link.soc_code
    where link.link_use = 'used'
)

select
    listed.cip_code,
    listed.sub_cluster_id,
    listed.cluster_id,
    reached.cip_code is not null as is_reached
from raw.cip_sub_cluster as listed
left join reached
    on reached.cip_code = listed.cip_code
    and reached.sub_cluster_id = listed.sub_cluster_id
order by listed.cip_code, listed.sub_cluster_id
