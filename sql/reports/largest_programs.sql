-- The programs of each area with the most awards a year, in the mean of the years.
select completions.*, cip.cip_title
from marts.program_completions as completions
inner join reference.cip as cip on cip.cip_code = completions.cip_code
where completions.area_id in (select unnest($areas)) and completions.award_period = 'mean'
qualify
    row_number() over (
        partition by completions.area_id order by completions.awards desc, completions.cip_code, completions.award_group
    ) <= $most
order by completions.area_id, completions.awards desc, completions.cip_code, completions.award_group
