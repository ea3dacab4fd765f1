-- The state overlay of the release; no row without one.
select
    overlay_id,
    state_id,
    overlay_title,
    overlay_source,
    source_url,
    as_of_year,
    default_policy,
    changes_groups,
    overlay_sha256
from seed.overlay
order by overlay_id
