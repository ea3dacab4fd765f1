select {shown}
from found
full outer join expected on {joined}
where found.{key} is null or expected.{key} is null or {differ}
order by {keys}
