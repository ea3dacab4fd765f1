-- The occupations that each program leads to, under the codes that figures have, and whether awards are shared to them.
-- A teacher of the subject at colleges is left out, unless the program leads to nothing else.
with

coded as (
    select
        pair.cip_code,
        pair.soc_code as listed_soc_code,
        coalesce(combined.combined_code, pair.soc_code) as code
    from raw.cip_soc as pair
    left join seed.soc_combined as combined on combined.member_code = pair.soc_code
    where pair.cip_code <> '99.9999'
),

known as (
    select
        coded.cip_code,
        coded.listed_soc_code,
        membership.soc_code,
        left(coded.listed_soc_code, 4) = '25-1' as is_teacher
    from coded
    left join (select distinct soc_code from reference.soc_sub_cluster) as membership
        on membership.soc_code = coded.code
),

judged as (
    select
        *,
        case
            when listed_soc_code = '99-9999' then 'no_match'
            when soc_code is null then 'no_figures'
            when
                is_teacher
                and bool_or(soc_code is not null and not is_teacher) over (partition by cip_code)
                then 'teacher'
            else 'used'
        end as link_use
    from known
)

select
    cip_code,
    listed_soc_code,
    soc_code,
    link_use,
    case
        when link_use = 'no_match' then 'The publisher finds no occupation for the program'
        when link_use = 'no_figures' then 'The occupation has no figures and is in no cluster'
        when link_use = 'teacher' then 'Teaches the subject at colleges; the program leads to other occupations'
        when is_teacher then 'Teaches the subject at colleges; the program leads to nothing else'
        else 'The publisher finds that the program prepares for the occupation'
    end as reason
from judged
order by cip_code, listed_soc_code
