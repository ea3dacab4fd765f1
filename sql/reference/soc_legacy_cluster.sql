-- Legacy clusters of each occupation. The list names O*NET-SOC occupations, and several of them may divide one SOC
-- code: each counts the same and is shared equally among its legacy clusters. A combined OEWS code is the mean of its
-- members.
with

listed as (
    select
        substr(onet_soc_code, 1, 7) as soc_code,
        onet_soc_code,
        legacy_cluster_id,
        1.0 / count(*) over (partition by onet_soc_code) as share
    from seed.onet_legacy_cluster
),

divided as (
    select soc_code, count(distinct onet_soc_code) as parts
    from listed
    group by soc_code
),

own as (
    select
        listed.soc_code,
        listed.legacy_cluster_id,
        sum(listed.share) / max(divided.parts) as weight,
        count(*) as onet_occupations,
        string_agg(listed.onet_soc_code, ', ' order by listed.onet_soc_code) as listed_as
    from listed
    inner join divided on divided.soc_code = listed.soc_code
    group by listed.soc_code, listed.legacy_cluster_id
),

member as (
    select
        combined.combined_code,
        combined.member_code,
        count(*) over (partition by combined.combined_code) as members
    from seed.soc_combined as combined
    inner join divided on divided.soc_code = combined.member_code
)

select soc_code, legacy_cluster_id, weight, onet_occupations, listed_as
from own
union all
select
    member.combined_code as soc_code,
    own.legacy_cluster_id,
    sum(own.weight) / max(member.members) as weight,
    sum(own.onet_occupations) as onet_occupations,
    string_agg(own.listed_as, ', ' order by own.listed_as) as listed_as
from member
inner join own on own.soc_code = member.member_code
where member.combined_code not in (select soc_code from divided)
group by member.combined_code, own.legacy_cluster_id
order by soc_code, legacy_cluster_id
