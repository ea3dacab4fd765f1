-- The occupations of each area with the most jobs; withheld jobs cannot be ranked.
select *
from marts.occupation_indicators
where area_id in (select unnest($areas)) and employment is not null
qualify row_number() over (partition by area_id order by employment desc, soc_code) <= $most
order by area_id, employment desc, soc_code
