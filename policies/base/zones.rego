# Where senders may be: `zones.senders`, and by the class of a need `zones.classes`, "*" being everywhere; `zones.workers`, by class too, is
# where those may be who do the work. A zone is the region of the sender's credential, "unverified" without one.
package canswarm.zones

deny contains {"rule": "zones", "code": "zone_not_allowed", "facts": {"zone": input.sender.zone}} if {
	not welcome
}

deny contains {"rule": "zones", "code": "zone_not_allowed_for_class", "facts": {"zone": input.sender.zone, "class": input.need.class}} if {
	zones := data.parameters.zones.classes[input.need.class]
	not fits(zones)
}

deny contains {"rule": "zones", "code": "zone_not_allowed_for_work", "facts": {"zone": input.sender.zone, "class": input.need.class}} if {
	input.envelope.verb in {"SEAL_BID", "PROPOSE", "CLAIM", "COMMIT"}
	zones := data.parameters.zones.workers[input.need.class]
	not fits(zones)
}

welcome if fits(data.parameters.zones.senders)

fits(zones) if "*" in zones

fits(zones) if input.sender.zone in zones
