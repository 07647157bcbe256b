# Where data may go: `egress` has, for each label of data, the zones that it may go to ("*" being everywhere) and how many bytes of it
# at most. Data of a label that is not listed stays where it is.
package canswarm.egress

deny contains {"rule": "egress", "code": "egress_not_allowed", "facts": {"label": flow.label, "zone": flow.zone}} if {
	some flow in input.work.egress
	not permitted(flow)
}

deny contains {"rule": "egress", "code": "egress_too_large", "facts": {"label": label, "bytes": bytes, "limit": limit}} if {
	some label, rule in data.parameters.egress
	bytes := sum([flow.bytes | some flow in input.work.egress; flow.label == label])
	limit := rule.bytes
	bytes > limit
}

permitted(flow) if "*" in data.parameters.egress[flow.label].zones

permitted(flow) if flow.zone in data.parameters.egress[flow.label].zones
