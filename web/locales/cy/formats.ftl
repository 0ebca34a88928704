# Dogfennau ar gyfer rhaglenni a gwefannau eraill.

embed-more = Yr holl newyddion ar gyfer yr ardal hon

cap-event-incident = Tarfu ar wasanaeth TG
cap-event-planned = Gwaith cynnal a chadw TG wedi'i drefnu
cap-feed = rhybuddion cyfredol
