select own_code, case when own_code = '5' then 'private' else 'government' end as ownership
    from (select unnest(['1', '2', '3', '5']) as own_code) as owner
    union all
    select unnest(['1', '2', '3', '5']) as own_code, 'all' as ownership
