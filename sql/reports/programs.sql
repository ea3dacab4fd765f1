-- Programs of a state under a policy, most awards first: of one award group, or of one cluster, where they are given.
select alignment.*
from marts.program_alignment as alignment
where alignment.area_id = $area
    and alignment.policy = $policy
    and ($award_group is null or alignment.award_group = $award_group)
    and (
        $cluster is null
        or alignment.cip_code in (
            select cip_code
            from reference.cip_sub_cluster
            where cluster_id = $cluster
                and is_reached
        )
    )
order by alignment.awards desc, alignment.cip_code, alignment.award_group
