-- For which periods each source uses which edition of a classification.
select classification, edition_name, source, first_period, last_period, is_read, known_from
from seed.classification_edition
order by classification, source, first_period
