select {shown}
from found
full outer join expected on {joined}
where {differ}
order by {keys}
