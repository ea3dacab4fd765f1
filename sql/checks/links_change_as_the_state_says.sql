-- A state's own list of links is the publisher's, less what its overlay drops and with what it adds; the publisher's
-- list stays as it is.
-- table: core.program_link
-- severity: error
-- expected: publisher's links in use; in the overlay's state without those dropped, and with those added
-- keys: link_list, cip_code, soc_code
with

found as (
    select link_list, cip_code, soc_code
    from core.program_link
),

change as (
    select overlay.state_id, change.cip_code, change.soc_code, change.change
    from reference.overlay_change as change
    inner join reference.overlay as overlay on overlay.overlay_id = change.overlay_id
    where change.cip_code <> 'all'
),

list as (
    select 'US' as link_list
    union
    select state_id as link_list
    from change
),

expected as (
    (
        select list.link_list, link.cip_code, link.soc_code
        from reference.cip_soc as link
        cross join list
        where link.link_use = 'used'
        union
        select state_id, cip_code, soc_code
        from change
        where change = 'add'
    )
    except
    select state_id, cip_code, soc_code
    from change
    where change = 'drop'
)

select * from differences
