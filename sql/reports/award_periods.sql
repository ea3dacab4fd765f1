-- The years whose awards the mean is made of.
select distinct award_period
from marts.program_completions
where area_id = 'US' and award_period <> 'mean'
order by award_period
