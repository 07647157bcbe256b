# How much a sender may say in one window, this envelope included: `rates` by plane. Who counts, and over which window, is the gate's.
# A POLICY of the authority is not denied: rates that it could not replace would hold for ever.
package canswarm.rates

limits := data.parameters.rates[input.envelope.plane]

deny contains {"rule": "rates", "code": "too_many_messages", "facts": {"messages": input.sender.messages, "limit": limits.messages}} if {
	not replaces_policy
	input.sender.messages > limits.messages
}

deny contains {"rule": "rates", "code": "too_many_bytes", "facts": {"bytes": input.sender.bytes, "limit": limits.bytes}} if {
	not replaces_policy
	input.sender.bytes > limits.bytes
}

replaces_policy if {
	input.envelope.verb == "POLICY"
	"authority" in input.sender.roles
}
