-- Memberships of occupations in sub-clusters. The published list names some combined OEWS codes and some members only:
-- each missing side takes the memberships of the other, so that both resolve.
with

listed_code as (
    select distinct soc_code
    from seed.soc_sub_cluster
)

select soc_code, sub_cluster_id, cluster_id, 'listed' as membership_source, soc_code as listed_as
from seed.soc_sub_cluster
union all
select
    combined.member_code as soc_code,
    listed.sub_cluster_id,
    listed.cluster_id,
    'from_combined_code' as membership_source,
    combined.combined_code as listed_as
from seed.soc_combined as combined
inner join seed.soc_sub_cluster as listed on listed.soc_code = combined.combined_code
where combined.member_code not in (select soc_code from listed_code)
union all
select
    combined.combined_code as soc_code,
    listed.sub_cluster_id,
    listed.cluster_id,
    'from_member_codes' as membership_source,
    string_agg(combined.member_code, ', ' order by combined.member_code) as listed_as
from seed.soc_combined as combined
inner join seed.soc_sub_cluster as listed on listed.soc_code = combined.member_code
where combined.combined_code not in (select soc_code from listed_code)
group by combined.combined_code, listed.cluster_id, listed.sub_cluster_id
order by soc_code, cluster_id, sub_cluster_id
