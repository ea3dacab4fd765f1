-- Every program of study of a state by award group with its awards, openings, pay and earnings, the clusters that it
-- is listed under, and whether it is eligible by the policy that stands there.
with listed as (
    select
        place.cip_code,
        string_agg(distinct cluster.cluster_name, '; ' order by cluster.cluster_name) as cluster_names
    from reference.cip_sub_cluster as place
    inner join reference.cluster as cluster on cluster.cluster_id = place.cluster_id
    where place.is_reached
    group by place.cip_code
)

select
    area.area_name,
    listed.cluster_names,
    standing.policy_title,
    program.*
from marts.program_alignment as program
inner join main.v_policy as standing on standing.area_id = program.area_id and standing.policy = program.policy
inner join reference.area as area on area.area_id = program.area_id
left join listed on listed.cip_code = program.cip_code
