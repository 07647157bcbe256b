# How much a sender may say in one window, this envelope included: `rates` by plane. Who counts, and over which window, is the gate's.
package canswarm.rates

limits := data.parameters.rates[input.envelope.plane]

deny contains {"rule": "rates", "code": "too_many_messages", "facts": {"messages": input.sender.messages, "limit": limits.messages}} if {
	input.sender.messages > limits.messages
}

deny contains {"rule": "rates", "code": "too_many_bytes", "facts": {"bytes": input.sender.bytes, "limit": limits.bytes}} if {
	input.sender.bytes > limits.bytes
}
