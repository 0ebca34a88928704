# Documents for other programs and other sites.

embed-more = All news for this area

cap-event-incident = IT service disruption
cap-event-planned = Planned IT maintenance
cap-feed = current alerts
