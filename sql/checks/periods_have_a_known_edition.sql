-- Figures are read by the edition of each classification that their publisher used for the period. A period outside all
-- editions that this project reads would be placed in clusters by codes that may mean something else.
-- table: reference.classification_edition
-- severity: error
-- expected: for each period of OEWS and QCEW, one edition that is read of each classification of the source
with

period as (
    select 'oews' as source, period
    from raw.oews_release
    union
    select 'qcew' as source, cast(year as varchar) as period
    from raw.qcew
),

classification as (
    select distinct source, classification
    from reference.classification_edition
)

select period.source, period.period, classification.classification, count(edition.edition_name) as editions
from period
inner join classification on classification.source = period.source
left join reference.classification_edition as edition
    on edition.source = period.source
    and edition.classification = classification.classification
    and edition.is_read
    and period.period >= edition.first_period
    and (edition.last_period is null or period.period <= edition.last_period)
group by period.source, period.period, classification.classification
having count(edition.edition_name) <> 1
order by period.source, period.period, classification.classification
