-- Earnings and debt of programs with the state of the institution, and the weight that each counts with in medians.
select
    program.cip4_code,
    program.credential_level,
    program.unit_id,
    coalesce(state.area_id, 'US') as state_id,
    program.completers,
    -- a program whose completers are not given counts as one person
    greatest(coalesce(program.completers, 1), 1) as median_weight,
    program.earnings_usd,
    program.earnings_status,
    program.debt_dollars
from raw.scorecard_program as program
left join reference.institution as institution on institution.unit_id = program.unit_id
left join reference.area as state
    on state.area_id = institution.state_id
    and state.area_type = 'state'
order by program.cip4_code, program.credential_level, program.unit_id
